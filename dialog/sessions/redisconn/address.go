package redisconn

import (
	"net"
	"net/url"
	"strings"
)

// kind is what stands behind an address.
type kind int

const (
	single kind = iota
	cluster
	sentinel
)

// schemes names every scheme, and what it becomes for go-redis.
var schemes = map[string]struct {
	kind  kind
	plain string
	port  string // where the address names none
}{
	"redis":           {single, "redis", "6379"},
	"rediss":          {single, "rediss", "6379"},
	"unix":            {single, "unix", ""},
	"redis+cluster":   {cluster, "redis", "6379"},
	"rediss+cluster":  {cluster, "rediss", "6379"},
	"redis+sentinel":  {sentinel, "redis", "26379"},
	"rediss+sentinel": {sentinel, "rediss", "26379"},
}

// normal turns an address into one that go-redis understands, where several
// hosts are addr parameters, and tells which kind it is.
func normal(address string) (kind, string, error) {
	name, rest, ok := strings.Cut(strings.TrimSpace(address), "://")
	scheme, known := schemes[strings.ToLower(name)]
	if !ok || !known {
		return 0, "", ErrAddress
	}
	if scheme.plain == "unix" {
		return single, "unix://" + rest, nil
	}
	hosts, tail := rest, ""
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		hosts, tail = rest[:i], rest[i:]
	}
	user := ""
	if i := strings.LastIndexByte(hosts, '@'); i >= 0 {
		user, hosts = hosts[:i+1], hosts[i+1:]
	}
	// Hosts are taken off before the URL is parsed: it can hold but one.
	all := strings.Split(hosts, ",")
	u, err := url.Parse(scheme.plain + "://" + user + withPort(all[0], scheme.port) + tail)
	if err != nil || u.Hostname() == "" || u.Fragment != "" {
		return 0, "", ErrAddress
	}
	k, err := addHosts(u, all[1:], scheme.kind, scheme.port)
	return k, u.String(), err
}

// addHosts puts further hosts into the parameters, and finds out the kind where
// the scheme leaves it open.
func addHosts(u *url.URL, hosts []string, k kind, port string) (kind, error) {
	q, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return 0, ErrAddress
	}
	for _, h := range hosts {
		if h == "" {
			return 0, ErrAddress
		}
		q.Add("addr", withPort(h, port))
	}
	u.RawQuery = q.Encode()
	if k == single && q.Has("master_name") {
		k = sentinel
	}
	if k == single && q.Has("addr") {
		k = cluster
	}
	return k, nil
}

// withPort adds a port to a host that has none.
func withPort(host, port string) string {
	if _, _, err := net.SplitHostPort(host); err == nil || host == "" {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), port)
}
