package dialog

import (
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// checkParts fails when the parts are not the text's words in order: each part
// has something to say, and nothing is lost but list markers and a short
// announcement before a list.
func checkParts(t interface{ Fatalf(string, ...any) }, text string) {
	parts := Several(text)
	if parts == nil {
		return
	}
	if len(parts) < 2 {
		t.Fatalf("%q: one part", text)
	}
	var kept []string
	for _, p := range parts {
		if strings.TrimSpace(p) == "" || p != strings.TrimSpace(p) {
			t.Fatalf("%q: part %q", text, p)
		}
		kept = append(kept, texts(wordsOf(p))...)
	}
	all := texts(wordsOf(strings.ToValidUTF8(text, " ")))
	if lost := missing(all, kept); lost != nil {
		t.Fatalf("%q: lost %q in %q", text, lost, parts)
	}
}

// missing returns the words that are in all and not, in the same order, in
// kept, when they are more than markers and an announcement. It returns kept's
// first word too many likewise.
func missing(all, kept []string) []string {
	least := missingBehind(all, kept)
	inFront := 0
	for i, w := range all {
		if inFront += len([]rune(w)); inFront > introMax {
			break
		}
		if lost := missingBehind(all[i+1:], kept); len(lost) < len(least) {
			least = lost
		}
	}
	return least
}

// missingBehind is missing without an announcement.
func missingBehind(all, kept []string) []string {
	const longestMarker = 3 // "№12", "а"
	var lost []string
	k := 0
	for _, w := range all {
		switch {
		case k < len(kept) && kept[k] == w:
			k++
		case len([]rune(w)) > longestMarker:
			lost = append(lost, w)
		}
	}
	if k < len(kept) {
		lost = append(lost, kept[k])
	}
	return lost
}

func TestSeveralKeepsEveryWord(t *testing.T) {
	for _, file := range []string{"several_tuned.txt", "several_heldout.txt"} {
		for _, c := range samples(t, file) {
			checkParts(t, c.text)
			for _, p := range Several(c.text) {
				checkParts(t, p)
			}
		}
	}
}

// TestSeveralOfAnyPhrases joins phrases, cues, markers and noise at random.
func TestSeveralOfAnyPhrases(t *testing.T) {
	phrases := []string{
		"не работает корзина", "пропали фото", "Открываю каталог", "почистил кэш", "на example.ru", "https://пример.рф/а", "пишет «Ошибка 500»",
		"the form is broken", "I tried again", "because of that", "Здравствуйте!", "🙏", "👍🏽", "שלום", "т.д.", "12.05.2025", "\xff", "'", "P.S.",
	}
	joints := []string{
		" ", "\n", "\n\n", "\r\n", ". ", ", ", "; ", " и ещё ", ". Кроме того, ", ", also ", ". Вторая проблема — ", "\n- ", "\n1. ", "\n2) ", "\nб) ",
		" 1) ", " 2) ", "\n❗️", ". Во-вторых, ", "…", "\t",
	}
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		for range rapid.IntRange(1, 12).Draw(t, "pieces") {
			b.WriteString(rapid.SampledFrom(joints).Draw(t, "joint"))
			b.WriteString(rapid.SampledFrom(phrases).Draw(t, "phrase"))
		}
		checkParts(t, b.String())
	})
}

// TestSeveralOfUnrelatedProblems puts two short complaints together in every
// way that the detector knows: both come out whole.
func TestSeveralOfUnrelatedProblems(t *testing.T) {
	problems := []string{"Не работает корзина", "Пропали фото в галерее", "Не приходят письма", "Сломалась вёрстка", "Не открывается каталог"}
	forms := []string{
		"- %1\n- %2", "1. %1\n2. %2", "1) %1 2) %2", "а) %1\nб) %2", "• %1\r\n• %2", "%1. Кроме того, %2", "%1, и ещё %2", "%1. Также %2", "%1\n\n%2",
		"Во-первых, %1. Во-вторых, %2", "%1. Вторая проблема: %2", "%1\n%2",
	}
	rapid.Check(t, func(t *rapid.T) {
		two := rapid.SliceOfNDistinct(rapid.SampledFrom(problems), 2, 2, rapid.ID[string]).Draw(t, "problems")
		text := strings.NewReplacer("%1", two[0], "%2", two[1]).Replace(rapid.SampledFrom(forms).Draw(t, "form"))
		parts := Several(text)
		if len(parts) != 2 || !strings.Contains(parts[0], two[0]) || !strings.Contains(parts[1], two[1]) {
			t.Fatalf("%q: %q", text, parts)
		}
	})
}

// TestSeveralTakesLinearWork compares what a text ten times as long allocates,
// in bytes: work that grows with the square would show as a hundred times as
// much.
func TestSeveralTakesLinearWork(t *testing.T) {
	for _, unit := range nonsense {
		few, many := allocated(strings.Repeat(unit, 2_000/len(unit))), allocated(strings.Repeat(unit, 20_000/len(unit)))
		if many > 25*few+1<<20 {
			t.Errorf("%q: %d bytes for 2 kB, %d for 20 kB", unit, few, many)
		}
	}
}

// nonsense is repeated to make long texts that are hard to read.
var nonsense = []string{
	"не работает ", "и ещё ", "- не работает\n", "- а\nб\n", "1) а 2) б ", "на a.ru сбой. ", "«", "a://", "пишет «ааа». ", "❗️", "\n", ".", "P.S. ",
	"также, ", "-", "1", "a@", "example.ru/((",
}

func allocated(text string) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	Several(text)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func BenchmarkSeveralNonsense(b *testing.B) {
	for _, unit := range nonsense {
		text := strings.Repeat(unit, 100_000/len(unit))
		b.Run(unit, func(b *testing.B) {
			for b.Loop() {
				Several(text)
			}
		})
	}
}

func FuzzSeveral(f *testing.F) {
	for _, file := range []string{"several_tuned.txt", "several_heldout.txt"} {
		for _, c := range samples(f, file) {
			f.Add(c.text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkParts(t, text)
		if again := Several(text); !slices.Equal(again, Several(text)) {
			t.Errorf("%q: %q and then something else", text, again)
		}
	})
}
