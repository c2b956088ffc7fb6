package tickets

import "strings"

// FindReach is in how many of the newest tickets Store.Find looks for words.
// Each has to be read, so that somebody who looks for what is not there waits
// for all of them.
const FindReach = 100_000

// Words is what Store.Find looks for a text in: the ticket's site as it is
// stored and as it is shown, its contact and its description, folded. Stores
// keep it beside the ticket.
func (t Ticket) Words() string {
	r, c := t.Report, t.Report.Contact
	return Fold(strings.Join([]string{
		r.Site, SiteShown(r.Site), c.Name, c.Email, c.Login, c.Phone, c.Account, r.Problem, r.Error, r.Steps, r.Changes,
	}, "\n"))
}

// Fold makes texts alike that differ only in case, or in ё, which many people
// write as е. No database does that alike everywhere for Russian, so that it is
// done here.
func Fold(s string) string {
	return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), "ё", "е")
}
