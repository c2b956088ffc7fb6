package tickets

import (
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// siteMax is the longest normal form in bytes: as much as every browser takes.
const siteMax = 2000

// hostProfile maps and checks host names as browsers do before a lookup.
var hostProfile = idna.New(
	idna.MapForLookup(),
	idna.BidiRule(),
	idna.Transitional(false),
	idna.StrictDomainName(true),
	idna.VerifyDNSLength(true),
)

// Site finds the one site that a customer's text names and returns its normal
// form: http or https (https when not said), host in lower-case ASCII, no user
// info, no default port, no fragment, no slash for an empty path, path and
// query validly percent-encoded. Several addresses on one host are one site;
// the first with a path is returned then. Addresses that are refused matter
// only when the text holds no good one. The error is a *FieldError: SiteNone,
// SiteSeveral, SiteLocal, SiteScheme, SiteInvalid or SiteLong.
func Site(s string) (string, error) {
	found, err := findSites(s)
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", refuse(SiteSeveral, hostList(found))
	case err != nil:
		return "", err
	}
	return "", refuse(SiteNone, "")
}

// Sites returns the normal forms of all sites that a text names, each host
// once, in the order of the text.
func Sites(s string) []string {
	found, _ := findSites(s)
	return found
}

// SameSite tells whether two normal forms have the same host, www. aside.
func SameSite(a, b string) bool {
	return siteKey(a) == siteKey(b)
}

// SiteShown is the readable form of a normal form: without the scheme, the host
// and the path in their own letters. It is for showing, never for a link: what
// could mislead or break the layout stays encoded.
func SiteShown(normal string) string {
	rest := afterScheme(normal)
	end := strings.IndexAny(rest, ":/?")
	if end < 0 {
		return readableHost(rest)
	}
	return readableHost(rest[:end]) + readablePath(rest[end:])
}

// findSites returns the sites of a text, one for each host, and the reason for
// which the first of the others was refused.
func findSites(s string) (found []string, refused error) {
	index := map[string]int{}
	for _, c := range siteCandidates(s) {
		site, err := c.normal()
		if err != nil {
			if refused == nil {
				refused = err
			}
			continue
		}
		if site == "" {
			continue
		}
		key := siteKey(site)
		if i, ok := index[key]; !ok {
			index[key] = len(found)
			found = append(found, site)
		} else if !hasPath(found[i]) && hasPath(site) {
			found[i] = site
		}
	}
	return found, refused
}

// hostList joins the shown hosts of at most three sites.
func hostList(sites []string) string {
	var hosts []string
	for _, s := range sites[:min(3, len(sites))] {
		hosts = append(hosts, readableHost(siteHost(s)))
	}
	list := strings.Join(hosts, ", ")
	if len(sites) > 3 {
		list += ", …"
	}
	return list
}

func afterScheme(normal string) string {
	if _, rest, ok := strings.Cut(normal, "://"); ok {
		return rest
	}
	return normal
}

// siteHost is the host of a normal form.
func siteHost(normal string) string {
	rest := afterScheme(normal)
	if end := strings.IndexAny(rest, ":/?"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

func siteKey(normal string) string {
	return strings.TrimPrefix(siteHost(normal), "www.")
}

func hasPath(normal string) bool {
	return strings.ContainsAny(afterScheme(normal), "/?")
}

// localSuffixes are the names that the public DNS does not serve: RFC 2606,
// 6761, 6762, 7686, 8375 and 9476, and what home and office networks use.
var localSuffixes = []string{
	"local", "localhost", "localdomain", "internal", "test", "example", "invalid", "onion", "alt",
	"arpa", "lan", "home", "corp", "intranet", "private",
}

// isLocalName tells whether an ASCII host can only be known in a local network.
func isLocalName(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	return last == host || slices.Contains(localSuffixes, last)
}

// fileEndings are top-level domains that, written without a scheme, are more
// often the ending of a file's name.
var fileEndings = []string{"zip", "mov", "py", "sh"}

// plausibleDomain tells whether a host that was written without a scheme is a
// site, and not the name of a file, a version or an abbreviation.
func plausibleDomain(host string) bool {
	suffix, icann := publicsuffix.PublicSuffix(host)
	if !icann && !strings.Contains(suffix, ".") {
		return false // a top-level domain that does not exist
	}
	if icann && suffix == host || host == "readme.md" {
		return false
	}
	return !slices.Contains(fileEndings, suffix)
}
