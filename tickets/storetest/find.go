package storetest

import (
	"fmt"
	"sync"
	"testing"

	"intakebot/tickets"
)

// finds tells how to look whether a text finds just some tickets.
func finds(t *testing.T, s tickets.Store) func(text string, want ...int64) {
	return func(text string, want ...int64) {
		t.Helper()
		list, err := s.Find(t.Context(), text, 10)
		same(t, fmt.Sprintf("found by %q", text), numbers(t, list, err), append([]int64{}, want...))
	}
}

// fill files tickets in one commit after another that hold a word, until all
// that was there before comes into the index.
func fill(t *testing.T, s tickets.Store, word string) {
	t.Helper()
	for range 64 {
		fileAs(t, s, 7, func(k *tickets.Ticket) { k.Report.Problem = word })
	}
	index(t, s)
}

func index(t *testing.T, s tickets.Store) {
	t.Helper()
	more, err := s.Index(t.Context())
	check(t, err)
	same(t, "indexed", more, true)
	for more {
		more, err = s.Index(t.Context())
		check(t, err)
	}
}

func testFind(t *testing.T, s tickets.Store) { findAll(t, s, func() {}) }

// testFindIndexed: the index finds just what is found by reading.
func testFindIndexed(t *testing.T, s tickets.Store) {
	findAll(t, s, func() { fill(t, s, "прочее") })
}

// findAll looks for words in any case, in Russian too, and for what agents are
// told by phone. Before that, it has something done.
func findAll(t *testing.T, s tickets.Store, before func()) {
	about := func(r tickets.Report) int64 {
		return fileAs(t, s, 7, func(k *tickets.Ticket) { k.Report = r })
	}
	a := about(tickets.Report{Problem: "Не открывается КОРЗИНА, ошибка 100%_", Site: "https://xn--e1afmkfd.xn--p1ai/"})
	b := about(tickets.Report{Problem: "Пропали счета за ёлку", Contact: tickets.Contact{Email: "Anna@Example.ru", Login: "Anna_K"}})
	c := about(tickets.Report{
		Problem: "see T-1001, 'quoted' \\ back; не программируется", Contact: tickets.Contact{Name: "Ёжикова Ольга", Phone: "+74951234567;ext=12"},
	})
	d := about(tickets.Report{
		Problem: "error 0x80070005 in 1С", Site: "https://shop1.example.ru", Contact: tickets.Contact{Phone: "+493012345678", Account: "Jörg @jorg_1"},
	})
	e := about(tickets.Report{Site: "https://shop12.example.ru/cart?id=5", Error: "INTERNATIONALIZATION_FAILED", Steps: "Шаги", Changes: "Правки"})
	const long = "электроэнцефалографист"
	f := about(tickets.Report{Problem: long})
	before()
	find := finds(t, s)

	find("корзина", a)
	find(" КОРЗИН ", a)
	find("корзинка")
	find("рзина") // a word is found by its beginning
	find("Елку", b)
	find("ежикова", c)
	find("ЁЖИКОВА", c)
	find("корзина ошибка", a)
	find("ошибка корз", a)
	find("корзина елка")
	find("программ", c)
	find("программируется", c)
	find("программирую")
	find("internationalization_fail", e)
	find("internationalizations")
	for n := 3; n <= len([]rune(long)); n++ {
		find(string([]rune(long)[:n]), f)
	}
	find("шаги правки", e)
	find("jör", d)
	find("счета за елку", b)
	find("счет за ел") // one or two letters are a word
	find("счет за", b)
	find("1с", d)
	find("о")
	find("ошибка — 100 %", a)

	find("ПРИМЕР.рф", a)
	find("xn--e1af", a)
	find("example", e, d, b)
	find("shop", e, d)
	find("shop1", e, d)
	find("shop1.example.ru", d) // what is written as one is looked for as one
	find("https://shop1.example.ru/", d)
	find("shop12.exam", e)
	find("example.ru/cart?id=5", e)
	find("example.com")

	find("anna", b)
	find("anna@EXAMPLE.ru", b)
	find("@example.ru", e, d, b)
	find("anna example", b)
	find("anna@shop")
	find("anna_k", b)
	find("@jorg", d)

	for _, phone := range []string{
		"+74951234567", "84951234567", "8 (495) 123-45-67", "+7 495 123 45 67", "495 123-45", "4951234567", "1234567", "123-45-67", "4567", "567", "951",
	} {
		if list, err := s.Find(t.Context(), phone, 10); len(list) == 0 || numbers(t, list, err)[len(list)-1] != c {
			t.Errorf("not found by %q: %v %v", phone, list, err)
		}
	}
	find("+49 30 1234 5678", d)
	find("8 (495) 123-45-68")

	find("T-1001", a, c)
	find("№1002", b)
	find("1001", a, c)
	find("0x8007", d)
	find("нет такого")
	find("T-4242")
	for _, none := range []string{"", " ", "\x00", "%_", "'", `\`, `"`, "*", "\xff", "NOT", "AND OR", "!"} {
		find(none)
	}
	find(`"корзина"*`, a)
	find("корзина' & '", a)

	list, err := s.Find(t.Context(), "example", 2)
	same(t, "as many as asked for", numbers(t, list, err), []int64{e, d})
	same(t, "whole tickets", list[0], loadTicket(t, s, e))
	list, err = s.Find(t.Context(), "T-1001", 1)
	same(t, "the number alone", numbers(t, list, err), []int64{a})
}

func testFindPasted(t *testing.T, s tickets.Store) { findPasted(t, s, func() {}) }

func testFindPastedIndexed(t *testing.T, s tickets.Store) {
	findPasted(t, s, func() { fill(t, s, "прочее") })
}

// findPasted looks for sites and phones as agents copy and type them.
func findPasted(t *testing.T, s tickets.Store, before func()) {
	at := func(site string) int64 {
		t.Helper()
		normal, err := tickets.Site(site)
		check(t, err)
		return fileAs(t, s, 7, func(k *tickets.Ticket) { k.Report = tickets.Report{Site: normal} })
	}
	a, b, c := at("https://мойсалон.рф/каталог"), at("https://shop.example.com"), at("https://www.b-2.ru")
	d := fileAs(t, s, 7, func(k *tickets.Ticket) {
		k.Report = tickets.Report{Contact: tickets.Contact{Name: "Клара", Phone: "+79161234567"}, Problem: "№ 5, T-1001"}
	})
	before()
	find := finds(t, s)
	for _, site := range []string{
		"https://мойсалон.рф/каталог", "https://мойсалон.рф", "http://www.мойсалон.рф/", "мойсалон.рф/катал", "мойсалон.рф:443", "https://мойса",
		"https://МОЙСАЛОН.рф/%D0%BA%D0%B0%D1%82%D0%B0%D0%BB%D0%BE%D0%B3/", "https://xn--80arhbicdv.xn--p1ai/", "xn--80arhbicdv.xn--p1ai/каталог#top",
	} {
		find(site, a)
	}
	for _, site := range []string{
		"http://shop.example.com", "https://shop.example.com/", "http://www.shop.example.com", "shop.example.com:443", "http://shop.example.com:80/",
		"shop.example.com:80", "//shop.example.com", "(https://shop.example.com).",
	} {
		find(site, b)
	}
	for _, site := range []string{"https://b-2.ru", "http://www.b-2.ru", "www.b-2.ru", "WWW.B-2", "b-2.ru:443", "https://www.b-2.ru/"} {
		find(site, c)
	}
	find("http://shop.example.ru")
	find("shop.example.com:8443")
	find("https://мойсалон.рф/цены")

	for _, phone := range []string{
		"45-67", "612-34", "8 916", "+7 916 123-45-67 клара", "Клара, 8 (916) 123", "тел. 89161234567", "tel:+79161234567", "Телефон: 8 916 123-45-67",
		"16 12", "916, клара", "89161234567, 123-45-67", "\u202a+7 916 123‑45‑67\u202c",
	} {
		find(phone, d)
	}
	find("+7 916 123-45-67 ольга")
	find("тел. 89161234568")
	find("45-68")
	find("45 17")

	for _, number := range []string{"T 1001", "T-1001.", "т-1001,", "T-1001:", "№ 1001"} {
		list, err := s.Find(t.Context(), number, 1)
		same(t, "found by "+number, numbers(t, list, err), []int64{a})
	}
}

// testFindChanged: what is no longer in a ticket does not find it, and what is
// new does, before the index knows, and after.
func testFindChanged(t *testing.T, s tickets.Store) {
	find := finds(t, s)
	id := fileAs(t, s, 7, func(k *tickets.Ticket) { k.Report.Problem = "Корзина" })
	say := func(problem string) {
		t.Helper()
		k := loadTicket(t, s, id)
		k.Report.Problem = problem
		change(t, s, k)
	}
	say("Оплата")
	find("корзин")
	find("оплат", id)
	fill(t, s, "прочее")
	find("корзин")
	find("оплат", id)
	say("Доставка")
	find("оплат")
	find("доставка", id)
	fill(t, s, "прочее")
	find("оплат")
	find("доставка", id)
	say("Доставка") // nothing has changed in it
	find("доставка", id)
	if more, err := s.Index(t.Context()); more || err != nil {
		t.Errorf("Index of nothing: %v %v", more, err)
	}
}

// testFindNewest: the newest come first and none is missed, wherever they are.
func testFindNewest(t *testing.T, s tickets.Store) {
	oldest := fileAs(t, s, 7, func(k *tickets.Ticket) { k.Report.Problem = "слово древнее" })
	for range 3 {
		fill(t, s, "слово")
	}
	newest := fileAs(t, s, 7, func(k *tickets.Ticket) { k.Report.Problem = "слово" })
	k := loadTicket(t, s, oldest+1)
	k.Report.Problem = "слово новое"
	change(t, s, k)
	list, err := s.Find(t.Context(), "слово", 1000)
	want := []int64{}
	for id := newest; id >= oldest; id-- {
		want = append(want, id)
	}
	same(t, "all", numbers(t, list, err), want)
	list, err = s.Find(t.Context(), "слово", 5)
	same(t, "the newest", numbers(t, list, err), want[:5])
	finds(t, s)("древнее", oldest)
	finds(t, s)("новое", oldest+1)
}

// testFindRacing: nothing is lost between reading and the index, whoever brings
// words into it at once and whatever changes meanwhile.
func testFindRacing(t *testing.T, s tickets.Store) {
	const all = 3 * 64
	first := int64(0)
	for i := range all {
		id := fileAs(t, s, 7, func(k *tickets.Ticket) { k.Report.Problem = fmt.Sprint("старое", i) })
		if i == 0 {
			first = id
		}
	}
	var wait sync.WaitGroup
	for range 3 {
		wait.Go(func() {
			for range 10 {
				_, err := s.Index(t.Context())
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := 0; i < all; i += 4 {
		k := loadTicket(t, s, first+int64(i))
		k.Report.Problem = fmt.Sprint("новое", i)
		change(t, s, k)
		finds(t, s)(fmt.Sprint("новое", i)+" новое", k.ID)
	}
	wait.Wait()
	list, err := s.Find(t.Context(), "новое", all)
	same(t, "changed", len(numbers(t, list, err)), all/4)
	list, err = s.Find(t.Context(), "старое", all)
	same(t, "as they were", len(numbers(t, list, err)), all-all/4)
}
