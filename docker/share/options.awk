# From the table of options: the manual page and the completions of shells. Usage:
#   awk -v form=man|bash|zsh|fish -v version=0.1.0 -f docker/share/options.awk TABLE
# Of an option it knows what the table says, and of a value, by its name there, how a shell may complete it.
BEGIN {
    words["profile"] = "instant quick aws"
    words["clock"] = "real frozen"
    words["durability"] = "process power"
    words["auth"] = "off signature policy"
    words["log"] = "text json off"
    words["fail-on"] = "on ignored unserved unused"
    commands["serve"] = "serve until stopped, as without a command"
    commands["exec"] = "serve while a command runs, with the endpoint in its environment"
    commands["wait"] = "return once a server is ready"
    commands["help"] = "say what a command does"
    order = split("serve exec wait help", command, " ")
    if (form == "man")
        man_begin()
}

# The strings of a row, in their order; a NULL is none.
/^(SECTION|OPTION)\(/ {
    row = $0
    count = 0
    delete field
    while (match(row, /"([^"\\]|\\.)*"|NULL/)) {
        field[++count] = substr(row, RSTART, RLENGTH)
        field[count] = field[count] == "NULL" ? "" : substr(field[count], 2, length(field[count]) - 2)
        row = substr(row, RSTART + RLENGTH)
    }
    if ($0 ~ /^SECTION/ && form == "man")
        print ".SS " roff(field[1])
    if ($0 ~ /^OPTION/) {
        if (count != 4) {
            print FILENAME ":" FNR ": this row has not four strings" >"/dev/stderr"
            failed = 1
            exit 1
        }
        option(field[1], field[2], field[3], field[4])
    }
}

END {
    if (failed)
        exit 1
    if (form == "man")
        man_end()
    else if (form == "bash")
        bash_end()
    else if (form == "zsh")
        zsh_end()
    else
        fish_end()
}

function option(name, value, otherwise, help) {
    names[++total] = name
    values[name] = value
    helps[name] = help
    if (form == "man") {
        print ".TP"
        print "\\fB\\-\\-" roff(name) "\\fR" (value == "" ? "" : " \\fI" roff(value) "\\fR")
        print roff(toupper(substr(help, 1, 1)) substr(help, 2)) (otherwise == "" ? "." : " [" roff(otherwise) "].")
    }
}

function is_file(name) {
    return values[name] == "FILE"
}

# ---- the manual page

function roff(text) {
    gsub(/\\/, "\\e", text)
    gsub(/-/, "\\-", text)
    sub(/^[.']/, "\\\\\\&&", text)
    return text
}

function man_begin() {
    print ".TH REKOGNITION\\-LOCAL 1 \"\" \"rekognition\\-local " version "\" \"User Commands\""
    print ".SH NAME"
    print "rekognition\\-local \\- a local stand\\-in for Amazon Rekognition, for tests"
    print ".SH SYNOPSIS"
    print ".B rekognition\\-local"
    print "[\\fBserve\\fR] [\\fIoptions\\fR]"
    print ".br"
    print ".B rekognition\\-local exec"
    print "[\\fIoptions\\fR] \\fB\\-\\-\\fR \\fICOMMAND\\fR ..."
    print ".br"
    print ".B rekognition\\-local wait"
    print "[\\fB\\-\\-url\\fR \\fIURL\\fR] [\\fB\\-\\-timeout\\fR \\fIDURATION\\fR]"
    print ".br"
    print ".B rekognition\\-local help"
    print "[\\fICOMMAND\\fR]"
    print ".SH DESCRIPTION"
    print "Any AWS SDK or CLI that is pointed at it makes projects, trains and starts models, asks them and stops"
    print "them, as on AWS, but in seconds and for nothing. Time can be stopped, calls can fail, and the world can be"
    print "saved and brought back, through the control API under \\fI/_local\\fR; browsers see it at \\fI/\\fR."
    print ".PP"
    print "Without a command, or with \\fBserve\\fR, it serves until SIGINT or SIGTERM. \\fBexec\\fR serves on a free port,"
    print "keeps nothing, runs \\fICOMMAND\\fR with the endpoint in its environment, and exits as that does. \\fBwait\\fR"
    print "returns once a server is ready."
    print ".SH OPTIONS"
    print "Every option has an environment variable: \\fB\\-\\-tls\\-cert\\fR is \\fBREKOGNITION_LOCAL_TLS_CERT\\fR. The"
    print "command line wins. In brackets is what holds otherwise."
}

function man_end() {
    print ".SH EXIT STATUS"
    print "0 when it was told to stop; 1 when it cannot start; 2 when an option is wrong. That of \\fBexec\\fR is the"
    print "command\\(cqs, 128+N for signal N, or 3 in place of 0 where \\fB\\-\\-fail\\-on\\fR applies. That of \\fBwait\\fR is 1"
    print "when no server was ready in time."
    print ".SH EXAMPLES"
    print ".nf"
    print "rekognition\\-local"
    print "AWS_ENDPOINT_URL_REKOGNITION=http://127.0.0.1:7356 aws rekognition describe\\-projects"
    print "rekognition\\-local exec \\-\\-profile instant \\-\\-fail\\-on on,ignored \\-\\- pytest \\-n 4"
    print ".fi"
    print ".SH FILES"
    print ".TP"
    print ".I rekognition\\-local.db"
    print "The world, in the folder where it was started, unless \\fB\\-\\-db\\fR says otherwise."
}

# ---- completions

function bash_end(    i, name, all, cases, files) {
    for (i = 1; i <= total; i++) {
        name = names[i]
        all = all " --" name
        if (name in words)
            cases = cases "    --" name ") words='" words[name] "' ;;\n"
        else if (is_file(name))
            files = files (files == "" ? "" : " | ") "--" name
        else if (values[name] != "")
            others = others (others == "" ? "" : " | ") "--" name
    }
    print "# bash completion of rekognition-local"
    print "_rekognition_local() {"
    print "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} words="
    print "    COMPREPLY=()"
    print "    case $before in"
    printf "%s", cases
    print "    " files ")"
    print "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")"
    print "        return ;;"
    print "    " others " | --url | --timeout) return ;;"
    print "    esac"
    print "    if [ -z \"$words\" ]; then"
    print "        case ${COMP_WORDS[1]} in"
    print "        wait) words='--url --timeout --help' ;;"
    print "        help) words='serve exec wait' ;;"
    print "        *) words='" substr(all, 2) " --help --version' ;;"
    print "        esac"
    print "        if [ \"$COMP_CWORD\" = 1 ]; then words=\"serve exec wait help $words\"; fi"
    print "    fi"
    print "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")"
    print "}"
    print "complete -o default -F _rekognition_local rekognition-local"
}

function quoted(text) {
    gsub(/'/, "'\\''", text)
    return text
}

function zsh_end(    i, name, value, text) {
    print "#compdef rekognition-local"
    print "_arguments -S \\"
    print "    '1:command:(serve exec wait help)' \\"
    for (i = 1; i <= total; i++) {
        name = names[i]
        text = helps[name]
        gsub(/\[|\]|:/, "\\\\&", text)
        value = values[name] == "" ? "" : ":" tolower(values[name]) ":" \
            (name in words ? "(" words[name] ")" : is_file(name) ? "_files" : "")
        print "    '" (name == "set" || name == "load" ? "*" : "") "--" name "[" quoted(text) "]" value "' \\"
    }
    print "    '--url[of wait\\: the server]:url:' '--timeout[of wait\\: for how long to ask]:duration:' \\"
    print "    '--version[the version]' '--help[what there is]' '*::: :_normal'"
}

function fish_end(    i, name) {
    print "# fish completion of rekognition-local"
    print "complete -c rekognition-local -f"
    for (i = 1; i <= order; i++)
        print "complete -c rekognition-local -n __fish_use_subcommand -a " command[i] " -d '" commands[command[i]] "'"
    for (i = 1; i <= total; i++) {
        name = names[i]
        print "complete -c rekognition-local -l " name \
            (values[name] == "" ? "" : is_file(name) ? " -r -F" : name in words ? " -x -a '" words[name] "'" : " -x") \
            " -d '" quoted(helps[name]) "'"
    }
    print "complete -c rekognition-local -n '__fish_seen_subcommand_from wait' -l url -x -d 'the server'"
    print "complete -c rekognition-local -n '__fish_seen_subcommand_from wait' -l timeout -x -d 'for how long to ask'"
    print "complete -c rekognition-local -l version -d 'the version'"
    print "complete -c rekognition-local -l help -d 'what there is'"
}
