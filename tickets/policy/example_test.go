package policy_test

import (
	"fmt"
	"os"
	"strings"

	"intakebot/tickets/policy"
)

// Every mistake is reported at once, with its line and what to write instead.
func ExampleRead() {
	file, err := os.ReadFile("testdata/small.yaml")
	if err != nil {
		panic(err)
	}
	wrong := strings.NewReplacer("[09:00-13:00]", "[13:00-09:00]", "level: slow", "level: solw").Replace(string(file))
	_, err = policy.Read("desk.yaml", strings.NewReader(wrong))
	fmt.Println(err)
	// Output:
	// desk.yaml:9: calendar.week.friday[0]: 13:00-09:00 does not end after it begins; split a night shift at 24:00
	// desk.yaml:35: topics[1].level: no level has the id "solw"; the levels are normal, slow
}
