package dialog

import (
	"testing"
	"time"

	"intakebot/tickets"
)

// TestStraysBeginADraft keeps messages until the customer says that they are a
// new problem: then nothing has to be said twice.
func TestStraysBeginADraft(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	limits := tickets.Limits{DescriptionMax: 1000, TextMax: 1000, Files: 3, DraftKept: time.Hour}
	c, keep := tickets.Customer{ID: 7, Lang: tickets.Russian}, func(c tickets.Customer, s Stray) tickets.Customer {
		t.Helper()
		c, kept, err := WithStray(c, s, limits)
		if err != nil || !kept {
			t.Fatalf("kept %v, %v", kept, err)
		}
		return c
	}
	c = keep(c, Stray{Message: 1, At: now.Add(-2 * time.Hour), Body: &tickets.Body{Text: "давно"}})
	c = keep(c, Stray{Message: 2, At: now, Body: &tickets.Body{Text: "не открывается"}})
	c = keep(c, Stray{Message: 3, At: now, Media: true, File: &tickets.File{ID: "shot", Unique: "shot", Type: "image/png", Message: 3}})
	if n := len(Strays(c)); n != 2 {
		t.Fatalf("%d strays, want 2: the old one is dropped", n)
	}
	env := Env{Policy: &tickets.Policy{Limits: limits}, Now: now, NewID: func() string { return "draft" }}
	reply, err := Answer(c, Input{Kind: Pressed, Press: tickets.Press{Event: string(New)}, From: Person{ID: 7}}, env)
	if err != nil {
		t.Fatal(err)
	}
	s, err := load(*reply.Change.Customer)
	if err != nil || s.Draft == nil || len(s.Strays) != 0 || s.Draft.description() != "не открывается" || len(s.Draft.Report.Files) != 1 {
		t.Errorf("the session became %+v, %v", s, err)
	}
}

// TestStraysAreBounded: one too many is not kept, and those before it are.
func TestStraysAreBounded(t *testing.T) {
	limits := tickets.Limits{DraftKept: time.Hour}
	c := tickets.Customer{ID: 7}
	for i := range mostStrays + 1 {
		next, kept, err := WithStray(c, Stray{Message: int64(i)}, limits)
		if err != nil || kept != (i < mostStrays) {
			t.Fatalf("stray %d: kept %v, %v", i, kept, err)
		}
		c = next
	}
	if n := len(Strays(c)); n != mostStrays {
		t.Errorf("%d are kept", n)
	}
	c, err := WithoutStrays(c, limits)
	if err != nil || len(Strays(c)) != 0 {
		t.Errorf("%d are left, %v", len(Strays(c)), err)
	}
}
