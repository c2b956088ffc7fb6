package tickets

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// siteURL puts the normal form together. Port 0 is the default one; rest is
// path and query without a fragment.
func siteURL(scheme, host string, port uint64, rest string) string {
	if scheme == "" {
		scheme = "https"
	}
	site := scheme + "://" + host
	if port != 0 && !(scheme == "http" && port == 80) && !(scheme == "https" && port == 443) {
		site += ":" + strconv.FormatUint(port, 10)
	}
	path, query, _ := strings.Cut(rest, "?")
	path = escape(strings.ReplaceAll(path, `\`, "/"), pathBytes)
	query = escape(query, pathBytes+"?")
	if path == "/" {
		path = ""
	}
	if query == "" {
		return site + path
	}
	if path == "" {
		path = "/"
	}
	return site + path + "?" + query
}

// pathBytes may stand in a path as they are, letters and digits aside: RFC
// 3986, 3.3.
const pathBytes = "-._~!$&'()*+,;=:@/"

// escape percent-encodes what may not stand as it is, and keeps what is
// encoded already.
func escape(s, keep string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteString(strings.ToUpper(s[i : i+3]))
			i += 2
		case isAlnum(c) || strings.IndexByte(keep, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

// readableHost shows an ASCII host in its own letters. A label that mixes
// Latin and Cyrillic stays encoded: it is how one site passes for another.
func readableHost(ascii string) string {
	labels := strings.Split(ascii, ".")
	for i, l := range labels {
		u, err := hostProfile.ToUnicode(l)
		if err == nil && !mixedScripts(u) {
			labels[i] = u
		}
	}
	host := strings.Join(labels, ".")
	if back, err := hostProfile.ToASCII(host); err != nil || back != ascii {
		return ascii
	}
	return host
}

func mixedScripts(label string) bool {
	var latin, cyrillic bool
	for _, r := range label {
		latin = latin || unicode.Is(unicode.Latin, r)
		cyrillic = cyrillic || unicode.Is(unicode.Cyrillic, r)
	}
	return latin && cyrillic
}

// readablePath decodes the letters beyond ASCII and leaves every other escape,
// so that no space, slash or control character appears.
func readablePath(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		run := escapedRun(s[i:])
		if len(run) == 0 {
			b.WriteByte(s[i])
			i++
			continue
		}
		size := 3 * len(run)
		if isReadable(string(run)) {
			b.Write(run)
		} else {
			b.WriteString(s[i : i+size])
		}
		i += size
	}
	return b.String()
}

// escapedRun decodes the leading escapes of bytes beyond ASCII.
func escapedRun(s string) []byte {
	var run []byte
	for len(s) >= 3 && s[0] == '%' && isHex(s[1]) && isHex(s[2]) {
		c, _ := strconv.ParseUint(s[1:3], 16, 8) // two hexadecimal digits fit
		if c < utf8.RuneSelf {
			break
		}
		run = append(run, byte(c))
		s = s[3:]
	}
	return run
}

func isReadable(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
