# Judges the lines of http-clients.py around the death of one server. Prints shell assignments.
#
# Given with -v: server, its name; killed, excluded, revived and restored, the times (seconds since 1970) when it was
# killed, was seen with weight 0, was started again, and was seen with its weight back.
#
# A request may fail only if the dead server was to answer it:
#   refused  its connection was begun from the kill until half a second after the weight was seen at 0
#   cut      it was under way at the kill
# Everything else that is not ok counts as an error. Who refused is checked beside this, by the servers' own counters.
function explain() {
    if (++explained > 5) return
    printf "  unexpected %.3f s after the kill (out after %.3f, started again %.3f, back %.3f): %s %s to %s, %.3f s\n",
        start - killed, excluded - killed, revived - killed, restored - killed, outcome, from, $5, end - start >"/dev/stderr"
}
BEGIN { requests = failed = refused = errors = 0; while_out = after_back = 0; slack = 0.1; settle = 0.5 }
{
    requests++
    start = $1; end = $2; outcome = $3; from = $4
    if (outcome != "ok") {
        if (outcome == "refused" && start >= killed - slack && start <= excluded + settle) { failed++; refused++ }
        else if (outcome == "cut" && start <= killed + slack && end >= killed - slack) failed++
        else { errors++; explain() }
    } else if (from == server) {
        if (start > excluded + settle && end < revived) while_out++
        if (start > restored) after_back++
    }
}
END {
    printf "kill_requests=%d kill_failed=%d kill_refused=%d kill_errors=%d ", requests, failed, refused, errors
    printf "kill_while_out=%d kill_after_back=%d\n", while_out, after_back
}
