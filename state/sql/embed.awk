# Turns the SQL files into C. Usage:
#   awk -v part=h   -f embed.awk resources.def statements.sql                   > sql.h
#   awk -v part=c   -f embed.awk resources.def statements.sql schema.sql 001_initial.sql … > sql.c
#   awk -v part=sql -f embed.awk resources.def statements.sql                   the statements as they are then
#
# statements.sql is a list of blocks, "-- :name foo" and one statement; each becomes SQL_FOO. Among them stand
#   -- :columns foo      what is read of a row: {foo} in a statement stands for it, COLUMN_FOO_BAR is the place of bar
#   -- :each RESOURCE    blocks up to "-- :end", once for each row of that kind in resources.def: {1} is its first
#                        word, {2} its second. What has a block of its own by that name before is left out.
# schema.sql is what a new world is made by: what all migrations lead to, in one.
# Every other file is one migration; they must come in the order of their numbers, 001 first.
# Comments are dropped, and so is what they leave empty. Everything inside quotes stays as it is.

BEGIN { statement = migration = failed = 0; inside = each = columns = "" }

FNR == 1 {
    finish_file()
    file = FILENAME
    base = file
    sub(/.*\//, "", base)
    is_migration = base !~ /^(statements\.sql|schema\.sql|resources\.def)$/
    if (is_migration) {
        migration++
        if (base !~ /^[0-9][0-9][0-9]_[a-z0-9_]+\.sql$/ || substr(base, 1, 3) + 0 != migration)
            refuse("migrations are named NNN_what.sql and numbered from 001 without a gap")
    }
}

base == "resources.def" {
    if (match($0, /^[A-Z]+\(/))
        rows[substr($0, 1, RLENGTH - 1), ++row_count[substr($0, 1, RLENGTH - 1)]] = substr($0, RLENGTH + 1)
    next
}

each != "" && /^-- :end/ {
    repeat_block()
    each = ""
    next
}

each != "" {
    block[++block_length] = $0
    next
}

base == "statements.sql" && /^-- :each / {
    finish_statement()
    each = $3
    block_length = 0
    if (!(each in row_count))
        refuse("resources.def has no row of " each)
    next
}

base == "statements.sql" {
    take_line($0)
    next
}

{ keep(strip($0)) }

END {
    if (failed)
        exit 1
    finish_file()
    if (failed)
        exit 1
    if (part == "h")
        print_header()
    else if (part == "sql")
        print_sql()
    else
        print_source()
}

# A line of statements.sql.
function take_line(line,    words)
{
    if (inside != "" || line !~ /^-- :/) {
        if (columns != "")
            column_list[columns] = column_list[columns] " " strip(line)
        else if (!skipping)
            keep(strip(line))
        return
    }
    finish_statement()
    split(line, words, " ")
    columns = ""
    if (line ~ /^-- :columns [a-z][a-z0-9_]*$/) {
        columns = words[3]
        column_set[++column_sets] = columns
    } else if (line !~ /^-- :name [a-z][a-z0-9_]*$/) {
        refuse("a statement is named by '-- :name lower_case_words' and nothing else")
    } else if (words[3] in line_of) {
        if (!repeating)
            refuse("the name " words[3] " is already taken in line " line_of[words[3]])
        skipping = 1
        return
    } else {
        name[++statement] = words[3]
        line_of[words[3]] = FNR
        if (!repeating && words[3] ~ /_due$/)
            alias[++aliases] = words[3]
    }
    skipping = ended = 0
}

# The block once for each row.
function repeat_block(    i, j, n, words, line)
{
    repeating = 1
    for (i = 1; i <= row_count[each]; i++) {
        n = split(rows[each, i], words, /[,)]/)
        for (j = 1; j <= n; j++)
            gsub(/^[ \t]+|[ \t]+$/, "", words[j])
        for (j = 1; j <= block_length; j++) {
            line = block[j]
            gsub(/\{1\}/, words[1], line)
            gsub(/\{2\}/, words[2], line)
            if (line ~ /^-- :name /)
                alias[++aliases] = substr(line, 10)
            take_line(line)
        }
    }
    finish_statement()
    skipping = repeating = 0
    ended = 1
}

# The line without its comments. What is still open at its end is left in `inside`:
# one of ' " ` ] (a quote to come) or * (a comment).
function strip(line,    out, c, at)
{
    out = ""
    opened_inside = inside
    while (line != "") {
        if (inside == "*") {
            if (!(at = index(line, "*/")))
                return out
            line = substr(line, at + 2)
            inside = ""
            out = out " "
        } else if (inside != "") {
            if (!(at = index(line, inside)))
                return out line
            out = out substr(line, 1, at)
            line = substr(line, at + 1)
            inside = "" # a doubled quote opens again at once
        } else if (!(at = match(line, /['"`;\[]|--|\/\*/))) {
            return out code(line)
        } else {
            out = out code(substr(line, 1, at - 1))
            c = substr(line, at, 1)
            line = substr(line, at)
            if (c == "-")
                return out
            if (c == "/") {
                inside = "*"
                line = substr(line, 3)
            } else {
                out = out code(c)
                line = substr(line, 2)
                if (c == ";")
                    ended = !in_trigger
                else
                    inside = c == "[" ? "]" : c
            }
        }
    }
    return out
}

# Passes on what is SQL, not comment: a block of statements.sql holds one statement only,
# because SQLite would prepare the first and silently forget the others.
function code(text,    set)
{
    while (columns == "" && match(text, /\{[a-z_]+\}/)) {
        set = substr(text, RSTART + 1, RLENGTH - 2)
        if (!(set in column_list))
            refuse("no columns " set)
        text = substr(text, 1, RSTART - 1) squeeze(column_list[set]) substr(text, RSTART + RLENGTH)
    }
    if (columns != "")
        return text
    if (base == "statements.sql" && text ~ /[^ \t]/) {
        if (text ~ /^CREATE TEMP TRIGGER/)
            in_trigger = 1
        if (text ~ /^END/)
            in_trigger = 0
        if (!statement)
            refuse("SQL before the first '-- :name'")
        else if (ended)
            refuse("a second statement under the name " name[statement])
    }
    return text
}

function keep(text)
{
    if (inside == "" || inside == "*")
        sub(/[ \t]+$/, "", text)
    if (text == "" && (opened_inside == "" || opened_inside == "*"))
        return
    if (base == "statements.sql" && part == "sql")
        body[statement] = body[statement] text "\n"
    else if (base == "statements.sql")
        body[statement] = body[statement] quote(text)
    else if (!is_migration)
        schema = schema quote(text)
    else
        step[migration] = step[migration] quote(text)
}

function squeeze(text)
{
    gsub(/[ \t]+/, " ", text)
    gsub(/^ | $/, "", text)
    return text
}

function finish_statement()
{
    if (statement && !skipping && body[statement] == "")
        refuse("nothing under the name " name[statement])
}

function finish_file()
{
    if (file == "" || base == "resources.def")
        return
    if (each != "")
        refuse("no '-- :end'")
    if (inside != "")
        refuse("the file ends inside " (inside == "*" ? "a comment" : "quotes"))
    if (base == "statements.sql")
        finish_statement()
    else if (is_migration && step[migration] == "")
        refuse("an empty migration")
    inside = ""
}

# A C string literal of the line; ?? would be a trigraph.
function quote(text,    out, at, c)
{
    out = ""
    while ((at = match(text, /[\\"\t?\r]/))) {
        c = substr(text, at, 1)
        out = out substr(text, 1, at - 1)
        out = out (c == "\t" ? "\\t" : c == "\r" ? "\\r" : "\\" c)
        text = substr(text, at + 1)
    }
    return "    \"" out text "\\n\"\n"
}

function refuse(why)
{
    print file ":" FNR ": " why > "/dev/stderr"
    failed = 1
    exit 1
}

function print_header(    i)
{
    print "/* Generated by state/sql/embed.awk from state/sql. Do not edit. */"
    print "#ifndef STATE_SQL_H"
    print "#define STATE_SQL_H"
    print ""
    print "enum sql {"
    for (i = 1; i <= statement; i++)
        print "    SQL_" toupper(name[i]) ","
    print "    SQL_COUNT,"
    print ""
    print "    /* As the tables spell them. */"
    for (i = 1; i <= aliases; i++)
        print "    SQL_" alias[i] " = SQL_" toupper(alias[i]) ","
    print "};"
    for (i = 1; i <= column_sets; i++)
        print_columns(column_set[i])
    print ""
    print "extern const char *const sql_name[SQL_COUNT];"
    print "extern const char *const sql_text[SQL_COUNT];"
    print "extern const char sql_schema[];"
    print "extern const char *const sql_migrations[]; /* in order; NULL ends */"
    print ""
    print "#endif"
}

# The name of a column is the last word of what is selected.
function print_columns(set,    text, c, depth, item)
{
    print ""
    print "enum {"
    text = squeeze(column_list[set]) ","
    for (item = ""; text != ""; text = substr(text, 2)) {
        c = substr(text, 1, 1)
        depth += (c == "(") - (c == ")")
        if (c != "," || depth > 0) {
            item = item c
            continue
        }
        sub(/.*[ .]/, "", item)
        gsub(/"/, "", item)
        print "    COLUMN_" toupper(set) "_" toupper(item) ","
        item = ""
    }
    print "};"
}

function print_sql(    i)
{
    for (i = 1; i <= statement; i++)
        print "-- :name " name[i] " " line_of[name[i]] "\n" body[i]
}

function print_source(    i)
{
    print "/* Generated by state/sql/embed.awk from state/sql. Do not edit. */"
    print "#include \"sql.h\""
    print ""
    print "#include <stddef.h>"
    print ""
    print "const char *const sql_name[SQL_COUNT] = {"
    for (i = 1; i <= statement; i++)
        print "    [SQL_" toupper(name[i]) "] = \"" name[i] "\","
    print "};"
    print ""
    print "const char *const sql_text[SQL_COUNT] = {"
    for (i = 1; i <= statement; i++)
        print "    [SQL_" toupper(name[i]) "] = (\n" body[i] "    ),"
    print "};"
    print ""
    print "const char sql_schema[] =\n" schema "    ;"
    print ""
    print "const char *const sql_migrations[] = {"
    for (i = 1; i <= migration; i++)
        print "    (\n" step[i] "    ),"
    print "    NULL,"
    print "};"
}
