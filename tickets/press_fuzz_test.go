package tickets

import (
	"strings"
	"testing"
)

// FuzzPress reads button data, which a client of one's own can make up: what is
// taken for ours is exactly what the codecs write, so that one meaning has one
// form.
func FuzzPress(f *testing.F) {
	f.Add(Press{Revision: 35, Event: "pick", Value: "a:b"}.Encode())
	f.Add(TicketPress("t.level", 1234, "critical"))
	f.Add(TicketPress("c.rate", 1, "5"))
	f.Add(TicketPress("c.add", Filed, ""))
	f.Add("-1:new:")
	f.Add("01:new:")
	f.Add("0:t.take:zz.")
	f.Add("0:c.show:1y2p0ij32e8e8")
	f.Add(strings.Repeat("z", MaxPress))
	f.Fuzz(func(t *testing.T, data string) {
		p, err := DecodePress(data)
		if err != nil {
			return
		}
		if got := p.Encode(); got != data {
			t.Fatalf("%q reads as %+v, which is %q", data, p, got)
		}
		event, id, value, ok := ParseTicketPress(p)
		if !ok {
			return
		}
		if id <= 0 || event != p.Event || TicketPress(event, id, value) != data {
			t.Fatalf("%q reads as %s of %d with %q", data, event, id, value)
		}
	})
}

// FuzzNumber reads a ticket's number as agents write it: what is taken is found
// again by the number as the bot writes it.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"T-7", " #т12 ", "№ 5", "-1", "T--5", "+5", "9223372036854775808", "0x10", "1_000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNumber(s)
		if err != nil {
			return
		}
		if n <= 0 {
			t.Fatalf("%q is number %d", s, n)
		}
		if again, err := ParseNumber(Number(n)); err != nil || again != n {
			t.Fatalf("%q is %d, but %s is %d, %v", s, n, Number(n), again, err)
		}
	})
}
