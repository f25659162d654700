# Lists the tables that the migrations make, with the words before each, as Markdown. Usage:
#   awk -f tables.awk 001_initial.sql …

/^-- / { words = words (words == "" ? "" : " ") substr($0, 4) }

/^CREATE TABLE / {
    name = $3
    sub(/\(.*/, "", name)
    if (!(name in said))
        order[++count] = name
    said[name] = words
}

/^DROP TABLE / {
    name = $3
    sub(/;.*/, "", name)
    delete said[name]
}

/^ALTER TABLE [a-z_]+ RENAME TO / {
    name = $6
    sub(/;.*/, "", name)
    if (!(name in said))
        order[++count] = name
    said[name] = said[$3]
    delete said[$3]
}

!/^-- / { words = "" }

END {
    print "| table | a row is |\n|---|---|"
    for (i = 1; i <= count; i++)
        if (order[i] in said && !(order[i] in shown)) {
            print "| `" order[i] "` | " said[order[i]] " |"
            shown[order[i]] = 1
        }
    print ""
}
