package dialog

import (
	"testing"

	"intakebot/tickets"
)

// inThread has the player act in a thread, one of a ticket where aside.
func (p *player) inThread(thread int64, aside bool, in Input) []tickets.Notice {
	p.t.Helper()
	in.Thread, in.Aside = thread, aside
	p.give(in)
	return p.reply.Change.Notices
}

// at lists where notices that are new messages go.
func at(notices []tickets.Notice) []int64 {
	var out []int64
	for _, n := range notices {
		if n.Kind == tickets.NoticeSend {
			out = append(out, n.Extra.Thread)
		}
	}
	return out
}

func (p *player) wantAt(what string, notices []tickets.Notice, want ...int64) {
	p.t.Helper()
	got := at(notices)
	if len(got) != len(want) {
		p.t.Fatalf("%s: said in %v, want %v", what, got, want)
	}
	for i := range got {
		if got[i] != want[i] {
			p.t.Errorf("%s: said in %v, want %v", what, got, want)
		}
	}
}

// TestTheConversationIsHeldWhereTheCustomerIs, but never in the thread of a
// ticket, where nobody's answer would reach it.
func TestTheConversationIsHeldWhereTheCustomerIs(t *testing.T) {
	p := newPlayer(t)
	command := func(name string) Input { return Input{Kind: Commanded, Command: name, Text: "/" + name} }
	p.wantAt("help outside", p.inThread(0, false, command("help")), 0)
	p.wantAt("help in a ticket's thread", p.inThread(5, true, command("help")), 5)
	p.wantAt("nothing to cancel there", p.inThread(5, true, command("cancel")), 5)
	p.wantAt("begun there", p.inThread(5, true, command("new")), 0, 5)
	p.wantAt("gone on in a thread of one's own", p.inThread(7, false, command("cancel")), 7)
	p.wantAt("asked again from a ticket's thread", p.inThread(5, true, command("cancel")), 7, 5)
	p.wantAt("help there", p.inThread(5, true, command("help")), 5)
	p.wantAt("a language chosen there", p.inThread(5, true, command("language")), 5)
	chosen := p.inThread(5, true, Input{Kind: Pressed, Press: tickets.Press{Event: pressLanguage, Value: "en"}})
	p.wantAt("the question in that language", chosen, 7)
	if p.reply.Toast == nil || p.reply.Toast.Key != "thread.elsewhere" || !p.reply.Alert {
		t.Errorf("the press answers %+v", p.reply.Toast)
	}
	p.env.Now = p.env.Now.Add(p.env.Policy.Limits.RemindAfter)
	reply, err := Wake(p.customer, p.env)
	if err != nil {
		t.Fatal(err)
	}
	p.wantAt("the reminder", reply.Change.Notices, 7)
}
