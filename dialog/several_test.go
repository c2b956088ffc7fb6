package dialog

import (
	"os"
	"slices"
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

// TestSeveralMeasured holds the detector to floors. A false alarm costs one
// press, and more than one in ten would teach customers to press it away; a
// miss costs an agent a split. On what the detector was not tuned on, less is
// asked, yet misses there must stay the exception.
func TestSeveralMeasured(t *testing.T) {
	tuned, heldOut := measure(t, "several_tuned.txt"), measure(t, "several_heldout.txt")
	whole := tuned
	whole.add(heldOut)
	t.Logf("whole: precision %.2f, recall %.2f, right number of parts %d of %d", whole.precision(), whole.recall(), whole.exact, whole.found)
	if whole.total < 80 || heldOut.total*3 < whole.total {
		t.Errorf("%d descriptions, %d of them held out: want 80 and a third", whole.total, heldOut.total)
	}
	for _, c := range []struct {
		name              string
		s                 score
		precision, recall float64
	}{
		{"held out", heldOut, 0.85, 0.75},
		{"whole", whole, 0.90, 0.85},
	} {
		if c.s.precision() < c.precision || c.s.recall() < c.recall {
			t.Errorf("%s: want precision %.2f and recall %.2f at least", c.name, c.precision, c.recall)
		}
	}
	if whole.exact*10 < whole.found*9 {
		t.Errorf("only %d of %d have the right number of parts", whole.exact, whole.found)
	}
}

// TestSeveralWhateverTheForm changes what must not matter: line ends, the
// bullets, ё and е, capital letters in lists.
func TestSeveralWhateverTheForm(t *testing.T) {
	for name, change := range map[string]func(string) string{
		"Windows line ends": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
		"е for ё":           strings.NewReplacer("ё", "е", "Ё", "Е").Replace,
		"space around":      func(s string) string { return "\n  " + s + "  \n\n" },
		"bullets":           strings.NewReplacer("\n- ", "\n• ", "\n• ", "\n* ", "\n* ", "\n— ").Replace,
		"numbers":           strings.NewReplacer("\n1. ", "\n1) ", "\n2. ", "\n2) ", "\n3. ", "\n3) ", "\n4. ", "\n4) ").Replace,
	} {
		for _, file := range []string{"several_tuned.txt", "several_heldout.txt"} {
			for _, c := range samples(t, file) {
				if plain, changed := len(Several(c.text)), len(Several(change(c.text))); plain != changed {
					t.Errorf("%s: %s: %d parts, then %d", name, c.remark, plain, changed)
				}
			}
		}
	}
}

// TestSeveralParts shows what the parts look like.
func TestSeveralParts(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"Здравствуйте, у меня две проблемы:\n1. Не отправляется форма.\nДаже с телефона.\n2. Пропала карта.\nСпасибо!",
			[]string{"Не отправляется форма.\nДаже с телефона.", "Пропала карта.\nСпасибо!"}},
		{"Не приходят письма.  И ещё одна проблема: оплата не проходит.",
			[]string{"Не приходят письма.", "И ещё одна проблема: оплата не проходит."}},
		{"1.Не работает поиск\n2.Пропало меню", []string{"Не работает поиск", "Пропало меню"}},
		{"🔴 не работает поиск\n🔴 пропало меню", []string{"не работает поиск", "пропало меню"}},
		{"1️⃣ не работает поиск\n2️⃣ пропало меню", []string{"не работает поиск", "пропало меню"}},
		{"(1) search is broken (2) menu is gone", []string{"search is broken", "menu is gone"}},
		{"12.05 пропал баннер\n13.05 пропал слайдер", []string{"12.05 пропал баннер", "13.05 пропал слайдер"}},
		{"-5% скидка не применяется", nil},
		{"", nil},
		{"\n\n", nil},
		{"1.", nil},
		{"- \n- ", nil},
	} {
		if got := Several(c.text); !slices.Equal(got, c.want) {
			t.Errorf("Several(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

// TestSeveralRuleExamples lets every rule find its own example, and no other
// rule: a rule that adds nothing could go.
func TestSeveralRuleExamples(t *testing.T) {
	for _, r := range rules {
		text := strings.ReplaceAll(r.example, "⏎", "\n")
		d := read(text)
		if len(Several(text)) != 2 || len(d.pieces) < 2 {
			t.Errorf("%s: %q is not cut in two", r.name, text)
			continue
		}
		last := d.pieces[len(d.pieces)-1]
		for _, other := range rules {
			if other.begins(d, d.pieces[0], last) != (other.name == r.name) {
				t.Errorf("%s: example %q and rule %s", r.name, text, other.name)
			}
		}
	}
}

// TestWhatComplainsBeforeAListIsKept: only a greeting and an announcement are
// left out.
func TestWhatComplainsBeforeAListIsKept(t *testing.T) {
	const items = "\n- Не приходят письма о заказах\n- Пропали фото в галерее"
	for intro, want := range map[string]string{
		"Здравствуйте! Есть несколько вопросов:":        "Не приходят письма о заказах",
		"Вчера обновили модуль оплаты.":                 "Вчера обновили модуль оплаты.\nНе приходят письма о заказах",
		"Не работает корзина. Есть и другие проблемы:":  "Не работает корзина. Есть и другие проблемы:\nНе приходят письма о заказах",
		"Не работает корзина. Вторая проблема — почта.": "Не работает корзина. Вторая проблема — почта.\nНе приходят письма о заказах",
	} {
		if parts := Several(intro + items); len(parts) != 2 || parts[0] != want {
			t.Errorf("%q: %q", intro, parts)
		}
	}
}

// TestQuotations: an error's text is found behind marks that quote none.
func TestQuotations(t *testing.T) {
	long := strings.Repeat("долго ", 40)
	for text, want := range map[string][]string{
		`Выходит «Ошибка сервера», потом “Bad gateway” и „Нет связи“`: {"Ошибка сервера", "Bad gateway", "Нет связи"},
		`На мониторе 24" "Fatal error" вылезает ошибка`:               {"Fatal error"},
		`На экране 15"-ноутбука ошибка "Fatal error"`:                 {"Fatal error"},
		`На экране 15"` + long + `"Fatal error"`:                      {"Fatal error"},
		`ошибка "" "Fatal error"`:                                     {"Fatal error"},
		`ошибка "ok" и "Fatal error"`:                                 {"Fatal error"},
		`ошибка "ok" или иногда "Fatal error"`:                        {"Fatal error"},
		`ошибка"Fatal error"`:                                         {"Fatal error"},
		`ошибка" Fatal error" вылезает`:                               {" Fatal error"},
		`Ошибка "Fatal error "потом "Bad gateway"`:                    {"Fatal error ", "Bad gateway"},
		`Нажимаю "ОК", выходит ошибка:"Fatal error"`:                  {"Fatal error"},
		`Press "OK", then "/api/pay failed" error`:                    {"/api/pay failed"},
		`кнопка "+" даёт ошибку ("Fatal error")`:                      {"Fatal error"},
		`На мониторах 24", 27" и 24"x27", ошибка:"[Fatal] error"`:     {"[Fatal] error"},
		"24\"\u00a0экран, ошибка\u00a0\"Fatal error\"":                {"Fatal error"},
		`слово" и "Fatal error"`:                                      {"Fatal error"},
		`ошибка " Fatal error "`:                                      {" Fatal error "},
		`«` + long + `„Нет связи“`:                                    {"Нет связи"},
		"«Ошибка\nсервера» «Ошибка":                                   nil,
		`«»""«ok»`: nil,
	} {
		if got := quotations(text); !slices.Equal(got, want) {
			t.Errorf("%s: %q", text, got)
		}
	}
}
