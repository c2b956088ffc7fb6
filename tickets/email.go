package tickets

import (
	"net/mail"
	"strings"
)

// Lengths of RFC 5321, 4.5.3.1, and of its erratum 1690, in bytes.
const (
	emailLocalMax  = 64
	emailDomainMax = 255
	emailMax       = 254
)

// Email takes what a customer types as an e-mail address and returns its
// normal form: the local part as it was written, the domain in lower case and
// in readable letters. "mailto:", angle brackets and a sentence's end around
// the address are tolerated; display names, comments and address literals are
// not. The domain needs a dot. Addresses with non-ASCII letters on either side
// are accepted (RFC 6531). The error is a *FieldError with EmailInvalid.
func Email(s string) (string, error) {
	s = bareAddress(s)
	at := strings.LastIndexByte(s, '@')
	if at <= 0 {
		return "", refuse(EmailInvalid, "")
	}
	local, ok := mailbox(s[:at])
	if !ok || len(local) > emailLocalMax {
		return "", refuse(EmailInvalid, "")
	}
	ascii, ok := mailDomain(s[at+1:])
	if !ok || len(local)+1+len(ascii) > emailMax {
		return "", refuse(EmailInvalid, "")
	}
	shown := readableHost(ascii)
	if len(local)+1+len(shown) > emailMax {
		shown = ascii
	}
	return local + "@" + shown, nil
}

// bareAddress cuts off what people and programs put around an address.
func bareAddress(s string) string {
	for {
		before := s
		s = strings.TrimSpace(strings.Map(dropInvisible, s))
		s = strings.TrimSpace(strings.TrimRight(s, ".,;"))
		if len(s) > 7 && strings.EqualFold(s[:7], "mailto:") {
			s, _, _ = strings.Cut(s[7:], "?")
		}
		if strings.HasPrefix(s, "<") && strings.HasSuffix(s, ">") {
			s = s[1 : len(s)-1]
		}
		if s == before {
			return s
		}
	}
}

// mailbox checks a local part and returns it without needless quotes. The
// library also takes comments and folding white space, which RFC 5321 has not:
// so an unquoted part must come out of the parser as it went in.
func mailbox(local string) (string, bool) {
	quoted := len(local) >= 2 && local[0] == '"' && local[len(local)-1] == '"'
	a, err := mail.ParseAddress("<" + local + "@x.ru>")
	if err != nil {
		return "", false
	}
	got := strings.TrimSuffix(a.Address, "@x.ru")
	if got == "" || !quoted && got != local {
		return "", false
	}
	normal := (&mail.Address{Address: a.Address}).String()
	return strings.TrimSuffix(strings.TrimPrefix(normal, "<"), "@x.ru>"), true
}

// mailDomain returns a mail domain as ASCII.
func mailDomain(domain string) (string, bool) {
	ascii, err := hostProfile.ToASCII(domain)
	if err != nil || len(ascii) > emailDomainMax || !strings.Contains(ascii, ".") || endsInNumber(ascii) {
		return "", false
	}
	return ascii, true
}
