package tickets

import (
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Pieces of a text that can be an address. An alternative further up wins over
// one further down, so that an e-mail address is not taken for a host.
var (
	siteSyntax = regexp.MustCompile(`(?i)` +
		// 1 a scheme, 2 its host and port, 3 the rest: also http:/ and https// of quick fingers
		`(https?(?:[\\/]{2}|:[\\/]*)|[a-z][a-z0-9+.\-]*:[\\/]{2,})([^\s\\/?#<>"«»“”„,;|(){}*]+)([\\/?#][^\s<>"«»“”„]*)?` +
		// 4 a scheme that takes no slashes
		`|\b(javascript|vbscript|data|blob|file|about|tg|tel|sms|viber|whatsapp|skype):\S+` +
		// an e-mail address
		`|(?:mailto:)?[\pL\pN._%+\-]+@[\pL\pN.\-]+` +
		// 5 a host alone, 6 its port, 7 the rest
		`|([\pL\pN][\pL\pN\pM\-]*(?:[.。．][\pL\pN][\pL\pN\pM\-]*)+|localhost)(:\d{1,5})?([\\/?#][^\s<>"«»“”„]*)?`)

	// joinedSites is a list of addresses without spaces.
	joinedSites = regexp.MustCompile(`(?i)[,;|]+(https?://|www\.)`)
)

// siteCandidate is a piece of text that can be an address.
type siteCandidate struct {
	scheme    string // lower case; empty when it was not written
	authority string // host and port, with user info perhaps
	rest      string // path, query and fragment
}

// siteCandidates cuts a text into what can be an address.
func siteCandidates(s string) []siteCandidate {
	s = strings.Map(dropInvisible, strings.ToValidUTF8(s, " "))
	s = joinedSites.ReplaceAllString(s, " $1")
	var out []siteCandidate
	for _, m := range siteSyntax.FindAllStringSubmatchIndex(s, -1) {
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return s[m[2*i]:m[2*i+1]]
		}
		switch {
		case m[2] >= 0:
			scheme := strings.ToLower(strings.TrimRight(part(1), `:\/`))
			authority, rest := trimSentence(part(2), part(3))
			out = append(out, siteCandidate{scheme, authority, rest})
		case m[8] >= 0:
			out = append(out, siteCandidate{scheme: strings.ToLower(part(4))})
		case m[10] >= 0 && !insidePath(s[:m[0]]) && !sentenceBorder(part(5)):
			authority, rest := trimSentence(part(5)+part(6), part(7))
			out = append(out, siteCandidate{"", authority, rest})
		}
	}
	return out
}

// insidePath tells whether what follows is a piece of something longer, such as
// /var/www/example.ru. Two slashes are an address without its scheme.
func insidePath(before string) bool {
	if strings.HasSuffix(before, "//") {
		return false
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune(`/\_=&%$-`, r)
}

// sentenceBorder tells whether "host" is two sentences without the space:
// "не открывается.Сайт", "broken.My".
func sentenceBorder(host string) bool {
	first, _ := utf8.DecodeRuneInString(host)
	last := []rune(host[strings.LastIndexAny(host, ".。．")+1:])
	if len(last) < 2 || !unicode.IsUpper(last[0]) || !unicode.IsLower(last[1]) {
		return false
	}
	return !unicode.IsUpper(first) || len(last) > 2 && unicode.Is(unicode.Cyrillic, last[0])
}

// trimSentence takes the sentence's punctuation off an address's end.
func trimSentence(authority, rest string) (string, string) {
	if i := strings.IndexByte(rest, '#'); i >= 0 {
		rest = rest[:i]
	}
	open := strings.Count(rest, "(") - strings.Count(rest, ")")
	for rest != "" {
		r, size := utf8.DecodeLastRuneInString(rest)
		if r == ')' && open < 0 {
			open++
		} else if !strings.ContainsRune(".,;:!?'’`*~]}…", r) {
			break
		}
		rest = rest[:len(rest)-size]
	}
	if rest == "" {
		authority = strings.TrimRight(authority, ".:!'’`~]…。．")
		if strings.HasPrefix(authority, "[") {
			authority += "]"
		}
	}
	return authority, rest
}

// normal returns the candidate's normal form, nothing for what is no address
// after all, or the reason for which it is refused.
func (c siteCandidate) normal() (string, error) {
	if c.scheme != "" && c.scheme != "http" && c.scheme != "https" {
		return "", refuse(SiteScheme, c.scheme)
	}
	authority := c.authority[strings.LastIndexByte(c.authority, '@')+1:]
	if strings.HasPrefix(authority, "[") {
		return "", refuse(SiteLocal, "IPv6")
	}
	typed, port, _ := strings.Cut(authority, ":")
	host, err := siteASCII(typed, c.scheme != "")
	if host == "" {
		return "", err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if port != "" && (err != nil || n == 0) {
		return "", refuse(SiteInvalid, host)
	}
	site := siteURL(c.scheme, host, n, c.rest)
	if len(site) > siteMax {
		return "", refuse(SiteLong, strconv.Itoa(siteMax))
	}
	return site, nil
}

// siteASCII checks a host and returns its ASCII form. Without a scheme, what
// cannot be a host is not refused but overlooked: no host and no error.
func siteASCII(typed string, explicit bool) (string, error) {
	host, err := hostProfile.ToASCII(strings.TrimRight(typed, ".。．"))
	if err != nil || host == "" {
		if explicit {
			return "", refuse(SiteInvalid, "")
		}
		return "", nil
	}
	if endsInNumber(host) {
		return siteIP(host, explicit)
	}
	switch {
	case isLocalName(host) && (explicit || !looksLikeFile(host)):
		return "", refuse(SiteLocal, readableHost(host))
	case !explicit && !plausibleDomain(host):
		return "", nil
	}
	return host, nil
}

// looksLikeFile keeps config.local and notes.test out of the refusals when no
// scheme says that an address is meant.
func looksLikeFile(host string) bool {
	return host != "localhost" && strings.Count(host, ".") == 1 &&
		(strings.HasSuffix(host, ".test") || strings.HasSuffix(host, ".example") || strings.HasSuffix(host, ".alt"))
}

// siteIP judges a host that ends in a number, which browsers read as an IPv4
// address: only a public one in its plain form, with a scheme, is a site.
func siteIP(host string, explicit bool) (string, error) {
	ip, err := netip.ParseAddr(host)
	public := err == nil && isPublic(ip)
	switch {
	case explicit && public:
		return host, nil
	case explicit, err == nil && !public:
		return "", refuse(SiteLocal, host)
	}
	return "", nil // a version, a date, a time
}

// reservedNets are the IPv4 networks of RFC 6890 and its successors that
// netip does not name.
var reservedNets = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
}

// isPublic tells whether the internet routes an address.
func isPublic(ip netip.Addr) bool {
	for _, n := range reservedNets {
		if n.Contains(ip) {
			return false
		}
	}
	return ip.IsGlobalUnicast() && !ip.IsPrivate()
}

// endsInNumber tells whether browsers read an ASCII host as an IPv4 address,
// by the URL standard: the last label is decimal, octal or hexadecimal.
func endsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		return strings.Trim(hex, "0123456789abcdef") == ""
	}
	return last != "" && strings.Trim(last, "0123456789") == ""
}
