package tickets

import (
	"regexp"
	"strings"
)

var (
	phoneExtension = regexp.MustCompile(`(?i)[\s\pZ,;(]*(?:доб(?:авочный)?|вн(?:утр(?:енний)?)?|ext(?:ension)?|доп|x|#)[\s\pZ.:=№#]*(\d{1,6})[\s\pZ.)]*$`)
	phoneSyntax    = regexp.MustCompile(`^\+?[\d\s\pZ()./\-‐‑‒–—−]+$`)
	notDigit       = regexp.MustCompile(`\D`)
)

// PhoneNumber returns a phone number in the form +74951234567, or with an extension
// +74951234567;ext=12 (RFC 3966). A number without a plus is read as it is
// dialled in Russia: 8 and 810 are the prefixes of the country and of abroad,
// ten digits are a number without its 8, and more are a country's code and a
// number. The error is a *FieldError: PhoneCode for a local number that lacks
// its city, PhoneInvalid for anything else.
func PhoneNumber(s string) (string, error) {
	s = strings.TrimSpace(strings.Map(dropInvisible, s))
	if len(s) > 4 && strings.EqualFold(s[:4], "tel:") {
		s = s[4:]
	}
	s, ext := cutExtension(s)
	s = strings.TrimRight(strings.TrimSpace(s), ",;")
	if !phoneSyntax.MatchString(s) {
		return "", refuse(PhoneInvalid, "")
	}
	digits := notDigit.ReplaceAllString(s, "")
	number, code := s, ""
	if strings.HasPrefix(s, "+") {
		number = digits
	} else {
		number, code = international(digits)
	}
	if code == "" && !isInternational(number) {
		code = PhoneInvalid
	}
	if code != "" {
		return "", refuse(code, "")
	}
	return "+" + number + ext, nil
}

func cutExtension(s string) (number, ext string) {
	m := phoneExtension.FindStringSubmatchIndex(s)
	if m == nil {
		return s, ""
	}
	return s[:m[0]], ";ext=" + s[m[2]:m[3]]
}

// international turns digits as they are dialled in Russia into a country's
// code and number; or it returns the code of an error.
func international(digits string) (number, code string) {
	n := len(digits)
	switch {
	case strings.HasPrefix(digits, "00"):
		return digits[2:], ""
	case strings.HasPrefix(digits, "810") && n > 11:
		return digits[3:], ""
	case n == 11 && digits[0] == '8':
		return "7" + digits[1:], ""
	case n == 10 && strings.IndexByte("34789", digits[0]) >= 0:
		return "7" + digits, ""
	case n >= 5 && n <= 10:
		return "", PhoneCode
	case strings.HasPrefix(digits, "8"): // a Russian number with digits too many
		return "", PhoneInvalid
	}
	return digits, ""
}

// isInternational checks a country's code and number: E.164 allows 15 digits,
// no country has fewer than 7, and Russia and Kazakhstan have just 11.
func isInternational(digits string) bool {
	if len(digits) < 7 || len(digits) > 15 || digits[0] == '0' {
		return false
	}
	return digits[0] != '7' || len(digits) == 11
}
