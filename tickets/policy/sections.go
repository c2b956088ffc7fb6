package policy

import (
	"time"

	"intakebot/tickets"
)

const maxList = 20

// readPolicy reads the whole file. Without defaults nothing may be left out.
func readPolicy(root value, defaults *tickets.Policy) tickets.Policy {
	f := root.fields("calendar", "levels", "topics", "phones", "documents", "partners", "agents", "limits", "silence", "reasons", "canned")
	var p tickets.Policy
	p.Calendar = readCalendar(f.need("calendar"))
	p.Levels = readLevels(f.need("levels"), p.Calendar)
	p.Topics = readTopics(f.need("topics"), f.get("levels"), p.Levels)
	p.Phones = readPhones(f.get("phones"))
	for _, v := range f.get("documents").atMost(maxList) {
		p.Documents = append(p.Documents, v.link())
	}
	p.Partners = readPartners(f, p.Topics)
	p.Canned = readCanned(f.get("canned"))
	if defaults == nil {
		defaults = &tickets.Policy{}
		f.need("agents").fieldsNeeded("language", "show_name")
		f.need("limits").fieldsNeeded(limitKeys...)
		f.need("silence").fieldsNeeded(silenceKeys...)
		f.need("reasons")
	}
	p.Agents = readAgents(f.get("agents"), defaults.Agents)
	p.Limits = readLimits(f.get("limits"), defaults.Limits)
	p.Silence = readSilence(f.get("silence"), defaults.Silence)
	p.Reasons = readReasons(f.get("reasons"), defaults.Reasons)
	return p
}

// fieldsNeeded reports keys that are left out.
func (v value) fieldsNeeded(keys ...string) {
	f := v.fields(keys...)
	for _, k := range keys {
		f.need(k)
	}
}

// atMost is a list that must not be longer.
func (v value) atMost(n int) []value {
	list := v.list()
	if len(list) > n {
		v.report("%d entries; at most %d are allowed", len(list), n)
		return list[:n]
	}
	return list
}

func readPhones(v value) []tickets.Phone {
	var out []tickets.Phone
	for _, one := range v.atMost(maxList) {
		f := one.fields("number", "note")
		out = append(out, tickets.Phone{Number: f.need("number").phone(), Note: f.need("note").label()})
	}
	return out
}

// readPartners reads where topics out of scope are sent to (R1.3).
func readPartners(f fields, topics []tickets.Topic) tickets.Link {
	for _, t := range topics {
		if t.OutOfScope {
			return f.need("partners").link()
		}
	}
	return f.get("partners").link()
}

func readAgents(v value, shipped tickets.Agents) tickets.Agents {
	f := v.fields("language", "show_name")
	a := shipped
	if lang := f.get("language"); lang.exists() {
		a.Lang = tickets.Lang(lang.text())
		if a.Lang != tickets.Russian && a.Lang != tickets.English {
			lang.report("no such language: %q; write ru or en", cut(string(a.Lang), maxLabel))
		}
	}
	if show := f.get("show_name"); show.exists() {
		a.ShowName = show.flag()
	}
	return a
}

var limitKeys = []string{
	"description_min", "description_max", "text_max", "files", "file_mb", "draft_kept", "remind_after", "messages_per_minute",
}

func readLimits(v value, shipped tickets.Limits) tickets.Limits {
	f := v.fields(limitKeys...)
	number := func(key string, least, most int64, otherwise int) int {
		return int(f.get(key).number(least, most, int64(otherwise)))
	}
	pause := durations{parseDays, time.Minute, 90 * day, "it as 90m, 12h or 7d"}
	kept := pause
	kept.least = time.Hour
	l := tickets.Limits{
		DescriptionMin: number("description_min", 1, 1000, shipped.DescriptionMin),
		DescriptionMax: number("description_max", 1000, 50_000, shipped.DescriptionMax),
		TextMax:        number("text_max", 100, 50000, shipped.TextMax),
		Files:          number("files", 1, 50, shipped.Files),
		FileBytes:      f.get("file_mb").number(1, 20, shipped.FileBytes>>20) << 20,
		DraftKept:      f.get("draft_kept").duration(kept, shipped.DraftKept),
		RemindAfter:    f.get("remind_after").duration(pause, shipped.RemindAfter),
		PerMinute:      number("messages_per_minute", 5, 600, shipped.PerMinute),
	}
	if remind := f.get("remind_after"); l.RemindAfter >= l.DraftKept {
		remind.report("not less than draft_kept, %s; a dropped draft cannot be reminded of", short(l.DraftKept))
	}
	return l
}

func readCanned(v value) map[string]tickets.Words {
	out := map[string]tickets.Words{}
	for name, one := range v.entries() {
		if !isID(name) {
			one.report("not a name: %q; write up to %d small Latin letters, digits and hyphens", cut(name, maxLabel), maxID)
		}
		out[name] = one.words(maxCanned, true)
	}
	return out
}
