package sqlite

import "testing"

// TestIndexIsMerged: the index of words is made one part when a tenth of it is new,
// and not for less; it finds what it found.
func TestIndexIsMerged(t *testing.T) {
	s, _ := openStore(t)
	last := 0
	for _, step := range []struct{ steps, parts int }{{20, 1}, {1, 2}, {1, 1}} {
		for range step.steps {
			err := s.writer.do(t.Context(), func(t *tx) error {
				_, err := t.exec(`WITH RECURSIVE n(i) AS (SELECT ?1 + 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 + ?2)
					INSERT INTO ticket_words (rowid, words) SELECT i, 'one of many' || i FROM n`, last, indexStep)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			last += indexStep
		}
		for more := true; more; {
			var err error
			if more, err = s.Index(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		var parts, found int
		if err := s.row(t.Context(), `SELECT count(DISTINCT segid) FROM ticket_words_idx`).Scan(&parts); err != nil {
			t.Fatal(err)
		}
		if err := s.row(t.Context(), `SELECT count(*) FROM ticket_words WHERE ticket_words MATCH '"one" AND "many"*'`).Scan(&found); err != nil {
			t.Fatal(err)
		}
		if parts != step.parts || found != last {
			t.Errorf("%d parts find %d of %d tickets", parts, found, last)
		}
	}
}
