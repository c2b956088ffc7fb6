package telegramsim

import (
	"crypto/rand"
	"embed"
	"encoding/json"
	"io/fs"
	"net"
	"net/http"
	"slices"
	"strings"
)

//go:embed web
var webFiles embed.FS

// Words are a label in the page's two languages.
type Words struct {
	RU string `json:"ru"`
	EN string `json:"en"`
}

// Suggestion is a one-click help for somebody who tries the demo: it puts its
// text into the field where the customer types, and sends its pictures as
// photos, several at once as an album.
type Suggestion struct {
	Label    Words
	Text     Words
	Pictures []Picture
}

// Picture is an image file at hand. Data is PNG, JPEG or GIF.
type Picture struct {
	Name string
	Data []byte
}

// PageOptions set the page up.
type PageOptions struct {
	// Title heads the page; the default is "Telegram, local".
	Title string
	// Bot is the one whose chats the customers have open; the default is the
	// world's first. Group is the one that is open at first, likewise.
	Bot   *Bot
	Group *Group
	// Suggestions are offered above the customer's field.
	Suggestions []Suggestion
	// Hosts are names under which the page may be asked for besides localhost and
	// IP addresses. All others are refused, against DNS rebinding.
	Hosts []string
}

// page is the web page of a world.
type page struct {
	w    *World
	opts PageOptions
	// boot tells the browser one run of the world from the next, so that what was
	// read in one does not count in the other.
	boot string
}

// Page is the web page on which people of the world type and press: it serves
// "/" and everything below "/ui/", beside Handler for the Bot API. Whoever can
// reach it acts as any person of the world, so let it listen on localhost.
//
// Its event streams end when the world is closed; close the world before
// waiting for the server's shutdown.
func Page(w *World, opts PageOptions) http.Handler {
	if opts.Title == "" {
		opts.Title = "Telegram, local"
	}
	p := &page{w: w, opts: opts, boot: rand.Text()}
	mux := http.NewServeMux()
	static, err := fs.Sub(webFiles, "web")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	files := http.FileServerFS(static)
	mux.Handle("GET /{$}", files)
	mux.Handle("GET /ui/static/", http.StripPrefix("/ui/static", files))
	mux.HandleFunc("GET /ui/events", p.events)
	mux.HandleFunc("GET /ui/file", p.file)
	mux.HandleFunc("POST /ui/upload", p.upload)
	mux.HandleFunc("POST /ui/people", p.addPerson)
	for name, act := range pageActions {
		mux.HandleFunc("POST /ui/"+name, p.acting(act))
	}
	return p.guard(http.NewCrossOriginProtection().Handler(mux))
}

// policy keeps the page to itself: whatever a message holds, nothing is loaded
// from or sent to another host.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// guard refuses foreign host names and sets the headers that all answers share.
func (p *page) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !p.ownHost(r.Host) {
			http.Error(rw, "unknown host name", http.StatusMisdirectedRequest)
			return
		}
		h := rw.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(rw, r)
	})
}

// ownHost tells whether a Host header cannot come from a name that somebody
// pointed at this machine.
func (p *page) ownHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || net.ParseIP(name) != nil ||
		slices.Contains(p.opts.Hosts, name)
}

// bot is the bot that the customers talk with; nil in a world without bots.
func (p *page) bot() *Bot {
	if p.opts.Bot != nil {
		return p.opts.Bot
	}
	if bots := p.w.Bots(); len(bots) > 0 {
		return bots[0]
	}
	return nil
}

func writeJSON(rw http.ResponseWriter, status int, v any) {
	rw.Header().Set("Content-Type", "application/json")
	rw.WriteHeader(status)
	_ = json.NewEncoder(rw).Encode(v) // a browser that went away is no fault of ours
}
