package dialog

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// sample is a described problem, or several, of testdata.
type sample struct {
	want   int // problems
	remark string
	text   string
}

func samples(t testing.TB, file string) []sample {
	t.Helper()
	data, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var out []sample
	for _, block := range strings.Split(string(data), "\n=== ")[1:] {
		head, text, _ := strings.Cut(block, "\n")
		count, remark, _ := strings.Cut(head, " ")
		want, err := strconv.Atoi(count)
		if err != nil {
			t.Fatalf("%s: %q: %v", file, head, err)
		}
		out = append(out, sample{want, remark, strings.TrimSpace(text)})
	}
	return out
}

// score counts how the detector judges samples. Found are the descriptions of
// several problems that are noticed, false the alarms about one problem, exact
// those that are noticed with the right number of parts.
type score struct{ several, found, exact, falseAlarms, total int }

func (s *score) add(o score) {
	s.several += o.several
	s.found += o.found
	s.exact += o.exact
	s.falseAlarms += o.falseAlarms
	s.total += o.total
}

func (s score) precision() float64 { return float64(s.found) / float64(max(1, s.found+s.falseAlarms)) }
func (s score) recall() float64    { return float64(s.found) / float64(max(1, s.several)) }

func measure(t *testing.T, file string) score {
	var s score
	for _, c := range samples(t, file) {
		parts := Several(c.text)
		s.total++
		if c.want > 1 {
			s.several++
		}
		switch {
		case c.want > 1 && parts == nil:
			t.Logf("%s: missed: %s", file, c.remark)
		case c.want == 1 && parts != nil:
			s.falseAlarms++
			t.Logf("%s: false alarm: %s: %q", file, c.remark, parts)
		case parts != nil:
			s.found++
			if len(parts) == c.want {
				s.exact++
			} else {
				t.Logf("%s: %d parts for %d: %s: %q", file, len(parts), c.want, c.remark, parts)
			}
		}
	}
	t.Logf("%s: %d descriptions, %d of several problems: precision %.2f, recall %.2f, right number of parts %d of %d",
		file, s.total, s.several, s.precision(), s.recall(), s.exact, s.found)
	return s
}

func TestSeveralMeasured(t *testing.T) {
	measure(t, "several_tuned.txt")
}
