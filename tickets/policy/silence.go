package policy

import (
	"maps"
	"slices"
	"time"

	"intakebot/tickets"
)

var silenceKeys = []string{"remind", "close", "reopen"}

// readSilence reads what follows from a customer's silence, and how long a
// ticket can be reopened (R7.2).
func readSilence(v value, shipped tickets.Silence) tickets.Silence {
	f := v.fields(silenceKeys...)
	working := durations{time.ParseDuration, 30 * time.Minute, maxReact, "working time such as 9h or 1h30m"}
	s := tickets.Silence{
		Remind: f.get("remind").duration(working, shipped.Remind),
		Close:  f.get("close").duration(working, shipped.Close),
		Reopen: f.get("reopen").duration(durations{parseDays, time.Hour, 365 * day, "it as 12h or 30d"}, shipped.Reopen),
	}
	if s.Remind >= s.Close {
		f.get("remind").report("not less than close, %s; a closed ticket cannot be reminded of", short(s.Close))
	}
	return s
}

// readReasons reads why work is put off or declined (R6.4). Without any, agents
// could not do either, so the shipped ones serve then.
func readReasons(v value, shipped []tickets.Reason) []tickets.Reason {
	if !v.exists() {
		return copied(shipped)
	}
	var out []tickets.Reason
	lines := map[string]int{}
	for _, one := range v.atMost(maxList) {
		f := one.fields("id", "name", "about")
		out = append(out, tickets.Reason{ID: f.uniqueID(lines), Name: f.need("name").label(), About: f.need("about").saying()})
	}
	if len(out) == 0 {
		v.report("no reasons; write at least one, or leave the section out")
	}
	return out
}

// copied keeps one policy's reasons from another's changes.
func copied(reasons []tickets.Reason) []tickets.Reason {
	out := slices.Clone(reasons)
	for i := range out {
		out[i].Name, out[i].About = maps.Clone(out[i].Name), maps.Clone(out[i].About)
	}
	return out
}
