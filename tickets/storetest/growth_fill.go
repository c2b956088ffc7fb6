package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"intakebot/tickets"
)

// grown is a desk of a size.
type grown struct {
	Desk
	t    *testing.T
	at   string // an instant, as SQL
	size int
}

// growthReport is what customers write, with words of 1.2 kB.
var growthReport = tickets.Report{
	Contact: tickets.Contact{
		Name: "Ольга Ёжикова", Email: "olga@example.ru", Login: "olga_admin", Phone: "+74951234567", Account: "Ольга @olga_e",
	},
	Site: "https://shop.example.ru/cart",
	Problem: "После обновления темы в корзине не открывается оплата: нажимаю «Оплатить», появляется белая страница и ошибка 500. " +
		"Так у всех покупателей с самого утра, в другом браузере то же самое. Заказы не проходят, клиенты звонят и жалуются.",
	Error:   "500 Internal Server Error: Uncaught TypeError: Cannot read properties of undefined (reading 'price') in /var/www/shop/checkout.php:214",
	Steps:   "Открыть каталог, положить любой товар в корзину, нажать «Оформить», выбрать доставку, нажать «Оплатить»",
	Changes: "Вчера вечером обновили тему и модуль доставки до версии 2.14",
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// open is how many tickets have not ended: the oldest.
func (g *grown) open() int { return min(growthOpen, g.size/2) }

// fill brings tickets into a desk, with what belongs to them.
func (g *grown) fill() {
	for from := 1; from <= g.size; from += growthStep {
		g.fillFrom(from, min(from+growthStep-1, g.size))
	}
}

// series are the numbers from one to another, as n (i).
func series(from, to int) string {
	return fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, from, to)
}

func (g *grown) fillTickets(from, to int) {
	report, err := json.Marshal(growthReport)
	check(g.t, err)
	g.SQL(series((from-1)/20+1, to/20) + ` INSERT INTO customers (id, version, lang, session, blocked)
		SELECT i, 1, 'en', '{"state":"idle","rev":3,"touched":"2026-01-01T00:00:00Z"}', false FROM n`)
	g.SQL(series(from, to) + ` INSERT INTO tickets (version, draft, customer, lang, topic, level, critical, state, report, opened, due,
			place_group, place_thread, place_card, agent)
		SELECT 1, 'old' || i, (i - 1) / 20 + 1, 'en', 'errors', 'support', false,
			CASE WHEN i <= ` + fmt.Sprint(g.open()) + ` THEN 'work' ELSE 'closed' END, ` + quoted(string(report)) + `, ` + g.at + `, ` + g.at + `,
			` + fmt.Sprint(growthGroup) + `, 10 + i, 11 + i, 77
		FROM n`)
}

func (g *grown) fillFrom(from, to int) {
	g.fillTickets(from, to)
	all := series(from, to)
	// Open tickets change, and have the words of their reports.
	words := ` SELECT 1000 + i, CASE WHEN i <= ` + fmt.Sprint(g.open()) + ` THEN '' ELSE ' only' || i || ' twentieth' || (i % 20) END ||
		` + quoted(tickets.Ticket{Report: growthReport}.Words()) + ` FROM n WHERE i `
	g.SQL(all + ` INSERT INTO ` + g.Indexed + words + `<= ` + fmt.Sprint(g.size-growthFresh))
	g.SQL(all + ` INSERT INTO fresh_words (ticket, words)` + words + `> ` + fmt.Sprint(g.size-growthFresh))
	g.SQL(all + ` INSERT INTO events (ticket, at, actor_kind, actor_id, actor_name, kind, data)
		SELECT 1000 + i, ` + g.at + `, 'customer', (i - 1) / 20 + 1, 'Emily', 'filed', '{}' FROM n`)
	g.SQL(all + ` INSERT INTO carried (ticket, from_chat, from_message, to_chat, to_message)
		SELECT 1000 + i, (i - 1) / 20 + 1, 100 + i, ` + fmt.Sprint(growthGroup) + `, 100 + i FROM n`)
	g.SQL(all + ` INSERT INTO updates (id, chat, message, edited, at) SELECT i, (i - 1) / 20 + 1, 100 + i, 0, ` + g.at + ` FROM n`)
	g.SQL(all + ` INSERT INTO notices (chat, about, kind, priority, lang, message, title, target, once, merge, written, state, settled,
			attempts, doubtful, sent, cause)
		SELECT (i - 1) / 20 + 1, 1000 + i, 'send', 0, 'en', '{"text":[{"key":"receipt"}]}', '{}', 0, false, '', ` + g.at + `, 'sent', ` + g.at + `,
			1, 0, '[7]', '' FROM n`)
}

// backlog puts notices into the outbox that nobody has sent, a chat each.
func (g *grown) backlog(n int) {
	g.SQL(fmt.Sprintf(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)`, n) + `
		INSERT INTO notices (chat, kind, priority, lang, message, title, target, once, merge, written, state, attempts, doubtful, sent, cause)
		SELECT 5000000 + i, 'send', 3, 'en', '{"text":[{"key":"announce"}]}', '{}', 0, false, '', ` + g.at + `, 'pending', 0, 0, '[]', '' FROM n`)
}
