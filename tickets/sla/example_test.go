package sla_test

import (
	"fmt"
	"time"

	"intakebot/tickets/sla"
)

// shipped keeps the hours of R2.1: working days 9 to 18, weekends 10 to 18.
func shipped() sla.Calendar {
	workday := []sla.Hours{{From: sla.At(9, 0), To: sla.At(18, 0)}}
	weekend := []sla.Hours{{From: sla.At(10, 0), To: sla.At(18, 0)}}
	c, err := sla.New(sla.Spec{
		Zone: "Europe/Moscow",
		Week: [7][]sla.Hours{weekend, workday, workday, workday, workday, workday, weekend},
	})
	if err != nil {
		panic(err)
	}
	return c
}

func ExampleCalendar_Due() {
	c := shipped()
	friday := time.Date(2026, time.March, 6, 17, 0, 0, 0, c.Location())
	fmt.Println(c.Due(friday, 9*time.Hour).Format("Mon 2 Jan 15:04"))

	// Consultation: 20 working hours, weekends not counted (R4.2).
	consultation := c.WithoutWeekdays(time.Saturday, time.Sunday)
	fmt.Println(consultation.Due(friday, 20*time.Hour).Format("Mon 2 Jan 15:04"))
	// Output:
	// Sat 7 Mar 18:00
	// Wed 11 Mar 10:00
}

func ExampleCalendar_Worked() {
	c := shipped()
	opened := time.Date(2026, time.March, 6, 17, 0, 0, 0, c.Location())
	answered := time.Date(2026, time.March, 7, 11, 30, 0, 0, c.Location())
	fmt.Println(c.Worked(opened, answered))
	for _, s := range c.Spans(opened, answered) {
		fmt.Println(s.Start.Format("Mon 15:04"), "to", s.End.Format("15:04"))
	}
	// Output:
	// 2h30m0s
	// Fri 17:00 to 18:00
	// Sat 10:00 to 11:30
}
