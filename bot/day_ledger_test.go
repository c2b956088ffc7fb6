package bot

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	pngs "image/png"
	"regexp"
	"slices"
	"sync"
	"time"

	"intakebot/bot/telegramsim"
)

// parcel is something that a person sent, known again by its token wherever it
// comes out.
type parcel struct {
	token  string
	kind   string // answer, addition, note, draft, comment
	from   string // who sent it
	owner  int64  // the customer whose matter it is
	ticket int    // number; 0: none yet
	order  int    // message ID where it was sent
	chat   int64  // where it was sent
	at     time.Time
	stray  bool // was asked about first, so that it can come later than others
	lost   bool // the customer did not want to hear it
	split  int  // the ticket that was made of it
	maybe  bool // may be replaced or deleted by now
}

// saying is what the bot has said or changed in a chat.
type saying struct {
	at     time.Time
	chat   int64
	thread int
	id     int
	text   string
	tokens []string
	edited bool
	photo  bool
}

// heard is an event, and when it happened.
type heard struct {
	telegramsim.Event
	at time.Time
}

// ledger keeps what went in, and what came out.
type ledger struct {
	world   *telegramsim.World
	parcels map[string]*parcel
	order   []*parcel // as they were made

	mu     sync.Mutex
	fresh  []heard
	all    []saying
	places map[string][]int // where in all a token is
}

var tokenForm = regexp.MustCompile(`zq\d{5}z`)

func newLedger(w *telegramsim.World) *ledger {
	l := &ledger{world: w, parcels: map[string]*parcel{}, places: map[string][]int{}}
	events := w.Subscribe()
	go func() {
		for {
			e, err := events.Next(context.Background())
			if err != nil {
				return
			}
			l.mu.Lock()
			l.fresh = append(l.fresh, heard{e, time.Now()})
			l.mu.Unlock()
		}
	}()
	return l
}

// token makes a word that no other message has, for a parcel.
func (l *ledger) token(p parcel) string {
	p.token = fmt.Sprintf("zq%05dz", len(l.order)+1)
	l.parcels[p.token] = &p
	l.order = append(l.order, &p)
	return p.token
}

// hear takes down what the bot has said since.
func (l *ledger) hear() []saying {
	l.mu.Lock()
	fresh := l.fresh
	l.fresh = nil
	l.mu.Unlock()
	var out []saying
	for _, e := range fresh {
		m := e.Message
		if m == nil || !m.FromBot || m.Kind == "service" || e.Kind != telegramsim.MessageSent && e.Kind != telegramsim.MessageEdited {
			continue
		}
		s := saying{e.at, m.Chat, m.Thread, m.ID, m.Text, l.tokensOf(*m), e.Kind == telegramsim.MessageEdited, m.Kind == "photo"}
		for _, token := range slices.Compact(slices.Sorted(slices.Values(s.tokens))) {
			l.places[token] = append(l.places[token], len(l.all))
		}
		l.all = append(l.all, s)
		out = append(out, s)
	}
	return out
}

func (l *ledger) tokensOf(m telegramsim.Message) []string {
	tokens := tokenForm.FindAllString(m.Text, -1)
	if f, ok := l.world.File(m.FileID); ok {
		tokens = append(tokens, tokenForm.FindAllString(string(f.Data), -1)...)
	}
	return tokens
}

// came lists the sayings with a token.
func (l *ledger) came(token string) []saying {
	var out []saying
	for _, i := range l.places[token] {
		out = append(out, l.all[i])
	}
	return out
}

// tokenPicture is a picture with a token behind its last byte, where no reader
// looks.
func tokenPicture(token string) []byte {
	m := image.NewGray(image.Rect(0, 0, 4, 4))
	m.SetGray(1, 1, color.Gray{Y: 200})
	var b bytes.Buffer
	if err := pngs.Encode(&b, m); err != nil {
		panic(err) // a picture in memory can be encoded
	}
	return append(b.Bytes(), token...)
}

// sent notes where the newest parcels were sent: all in one message, or one in
// each.
func (l *ledger) sent(ids ...int) {
	for i := range slices.Backward(l.order) {
		p := l.order[i]
		if p.order != 0 || len(ids) == 0 {
			return
		}
		p.order = ids[len(ids)-1]
		if len(ids) > 1 {
			ids = ids[:len(ids)-1]
		}
	}
}
