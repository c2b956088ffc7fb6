package policy

import (
	"math"
	"strings"
	"time"

	"intakebot/tickets"
	"intakebot/tickets/sla"
)

const (
	maxLevels = 20
	maxTopics = 50 // a keyboard of Telegram has room for 100 buttons
	maxReact  = 1000 * time.Hour
)

func readLevels(v value, c sla.Calendar) []tickets.Level {
	var levels []tickets.Level
	lines := map[string]int{}
	for _, one := range v.atMost(maxLevels) {
		f := one.fields("id", "name", "reaction", "weekends", "about")
		l := tickets.Level{
			ID:       f.uniqueID(lines),
			Name:     f.need("name").label(),
			Reaction: f.need("reaction").reaction(),
			Weekends: f.need("weekends").flag(),
			About:    f.get("about").saying(),
		}
		weekdays := c.WithoutWeekdays(time.Saturday, time.Sunday)
		if l.Reaction > 0 && !l.Weekends && !c.Empty() && weekdays.Empty() {
			f.get("weekends").report("the desk is open at weekends only, so this level never reacts; write true")
		}
		levels = append(levels, l)
	}
	if v.exists() && len(levels) == 0 {
		v.report("no levels; write at least one")
	}
	return levels
}

// reaction reads a level's reaction time; 0 is none.
func (v value) reaction() time.Duration {
	if v.exists() && v.text() == "none" {
		return 0
	}
	return v.duration(durations{
		time.ParseDuration, time.Minute, maxReact, "working time such as 9h or 1h30m, or none where it is not regulated",
	}, 0)
}

// uniqueID reads an id that no other entry of the list has.
func (f fields) uniqueID(lines map[string]int) string {
	v := f.need("id")
	id := v.id()
	if first, twice := lines[id]; twice && id != "" {
		v.report("%q is an id already, in line %d; give each entry its own", id, first)
	}
	lines[id] = v.line
	return id
}

func readTopics(v, levelsValue value, levels []tickets.Level) []tickets.Topic {
	known := tickets.Policy{Levels: levels}
	var topics []tickets.Topic
	lines := map[string]int{}
	inScope := false
	for _, one := range v.atMost(maxTopics) {
		f := one.fields("id", "name", "level", "critical", "out_of_scope", "explain", "group")
		t := tickets.Topic{
			ID:         f.uniqueID(lines),
			Name:       f.need("name").label(),
			Level:      f.need("level").text(),
			Critical:   f.get("critical").flag(),
			OutOfScope: f.get("out_of_scope").flag(),
			Explain:    f.get("explain").saying(),
			Group:      f.get("group").number(math.MinInt64, -1, 0),
		}
		if _, ok := known.Level(t.Level); !ok && levelsValue.exists() {
			f.get("level").report("no level has the id %q; the levels are %s", cut(t.Level, maxLabel), ids(levels))
		}
		f.checkScope(t)
		inScope = inScope || !t.OutOfScope
		topics = append(topics, t)
	}
	if v.exists() && !inScope {
		v.report("no topic in scope; write at least one without out_of_scope")
	}
	return topics
}

func (f fields) checkScope(t tickets.Topic) {
	explain := f.get("explain")
	switch {
	case t.OutOfScope && !explain.exists():
		explain.report("missing; tell the customer why the topic is out of scope and what to do")
	case !t.OutOfScope && explain.exists():
		explain.report("only a topic out of scope is explained; take this out, or write out_of_scope: true")
	}
	if t.OutOfScope && t.Critical {
		f.get("critical").report("a topic out of scope cannot be critical; take one of the two out")
	}
}

func ids(levels []tickets.Level) string {
	var out []string
	for _, l := range levels {
		out = append(out, l.ID)
	}
	return strings.Join(out, ", ")
}
