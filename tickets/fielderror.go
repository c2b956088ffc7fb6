package tickets

import "slices"

// FieldError says why an answer is not taken. Code names the sentence that
// the customer reads (P5); every code is in FieldCodes. Detail is a harmless
// value for that sentence, such as the refused scheme or the number of
// characters over the limit, and may be empty; it is never the whole input
// (P8).
type FieldError struct {
	Code   string
	Detail string
}

// Error is for the log.
func (e *FieldError) Error() string {
	if e.Detail == "" {
		return e.Code
	}
	return e.Code + " (" + e.Detail + ")"
}

// The codes of FieldError.
const (
	EmailInvalid = "email.invalid" // no mailbox by RFC 5321
	SiteNone     = "site.none"     // nothing in the text looks like a site
	SiteSeveral  = "site.several"  // Detail: the hosts, comma-separated
	SiteLocal    = "site.local"    // not reachable from the internet; Detail: the host
	SiteScheme   = "site.scheme"   // neither http nor https; Detail: the scheme
	SiteInvalid  = "site.invalid"  // an address that cannot be; Detail: the host
	SiteLong     = "site.long"     // Detail: the longest length in bytes
	PhoneInvalid = "phone.invalid" // not a phone number
	PhoneCode    = "phone.code"    // a local number, the country's or city's code is missing
	NameEmpty    = "name.empty"
	NameLong     = "name.long"     // Detail: the longest length in characters
	LoginInvalid = "login.invalid" // empty, too long or with spaces; Detail: the longest length
	TextLong     = "text.long"     // Detail: UTF-16 units over the limit
)

// FieldCodes returns every code that a FieldError of this package can have.
func FieldCodes() []string {
	return slices.Clone([]string{
		EmailInvalid, SiteNone, SiteSeveral, SiteLocal, SiteScheme, SiteInvalid, SiteLong,
		PhoneInvalid, PhoneCode, NameEmpty, NameLong, LoginInvalid, TextLong,
	})
}

// refuse makes the error of a field.
func refuse(code, detail string) error {
	return &FieldError{Code: code, Detail: detail}
}
