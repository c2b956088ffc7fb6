package tickets

import (
	"time"

	"intakebot/tickets/sla"
)

// Policy is the desk's regulation as data: everything that another desk could
// want to differ. Package policy reads it from YAML and ships one.
type Policy struct {
	Calendar  sla.Calendar // working hours, the desk's time zone (R2.1)
	Levels    []Level      // at least one
	Topics    []Topic      // what a ticket can be about, in the order of the buttons
	Phones    []Phone      // for emergencies (R3.3, R8.2)
	Documents []Link       // to look through before filing (R1.2)
	Partners  Link         // where questions beyond support go (R1.3)
	Agents    Agents
	Limits    Limits
	Canned    map[string]Words // canned answers by name
	Reasons   []Reason         // why work is put off or declined (R6.4)
	Silence   Silence
}

// Reason is why work on a ticket is put off or declined.
type Reason struct {
	ID    string
	Name  Words // a button's label
	About Words // what the customer is told
}

// Silence is how long a customer may be silent, and how long a ticket stays
// open to be reopened.
type Silence struct {
	Remind time.Duration // working time until a reminder, once
	Close  time.Duration // working time until the ticket is closed; more than Remind
	Reopen time.Duration // calendar time after the end in which a ticket can be reopened (R7.2)
}

// Reason finds a reason by its ID.
func (p *Policy) Reason(id string) (Reason, bool) {
	for _, r := range p.Reasons {
		if r.ID == id {
			return r, true
		}
	}
	return Reason{}, false
}

// Level is a service level.
type Level struct {
	ID       string
	Name     Words
	Reaction time.Duration // longest reaction in working time; 0: not regulated (R5.1)
	Weekends bool          // whether Saturday and Sunday count as working time (R4.2)
	About    Words         // what it means for the customer, one sentence; may be empty
}

// Topic is what a ticket is about.
type Topic struct {
	ID         string
	Name       Words  // a button's label
	Level      string // ID of the level that its tickets get
	Critical   bool   // may be taken out of turn (R2.4)
	OutOfScope bool   // explained, and filed as Level only if the customer insists (R6.2)
	Explain    Words  // why it is out of scope and what to do; empty when in scope
	Group      int64  // agents' chat for it, as the configuration has it; 0: see GroupFor
}

// Phone is a contact phone as it is shown.
type Phone struct {
	Number string
	Note   Words // whom it serves
}

// Link is an address with a title.
type Link struct {
	Title Words
	URL   string
}

// Agents is how the agents' side behaves.
type Agents struct {
	Lang     Lang // language of cards and notices in the agents' group
	ShowName bool // whether the customer sees which agent answers
}

// Limits bounds what a customer can send.
type Limits struct {
	DescriptionMin int           // characters
	DescriptionMax int           // UTF-16 units, all messages of it together
	TextMax        int           // UTF-16 units of any other free text
	Files          int           // screenshots in a ticket
	FileBytes      int64         // size of one; Telegram lets bots fetch 20 MB at most
	DraftKept      time.Duration // a draft is dropped after so long a pause
	RemindAfter    time.Duration // silence after which the customer is reminded, once
	PerMinute      int           // messages of one customer in a minute before the bot asks for patience
}

// Level finds a level by its ID.
func (p *Policy) Level(id string) (Level, bool) {
	for _, l := range p.Levels {
		if l.ID == id {
			return l, true
		}
	}
	return Level{}, false
}

// Topic finds a topic by its ID.
func (p *Policy) Topic(id string) (Topic, bool) {
	for _, t := range p.Topics {
		if t.ID == id {
			return t, true
		}
	}
	return Topic{}, false
}

// CalendarOf is the working time that counts for a level (R4.2).
func (p *Policy) CalendarOf(l Level) sla.Calendar {
	if l.Weekends {
		return p.Calendar
	}
	return p.Calendar.WithoutWeekdays(time.Saturday, time.Sunday)
}
