package postgres

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgtype"
)

// instant keeps a time to the microsecond; the zero time is NULL.
type instant struct{ *time.Time }

// TimestamptzValue is what goes to the server.
func (i instant) TimestamptzValue() (pgtype.Timestamptz, error) {
	return pgtype.Timestamptz{Time: *i.Time, Valid: !i.IsZero()}, nil
}

// ScanTimestamptz reads what comes from it.
func (i instant) ScanTimestamptz(v pgtype.Timestamptz) error {
	*i.Time = time.Time{}
	if v.Valid {
		*i.Time = v.Time.UTC()
	}
	return nil
}

// orNull keeps 0 as NULL, for columns that refer to something.
type orNull struct{ *int64 }

// ScanInt64 reads what comes from the server.
func (n orNull) ScanInt64(v pgtype.Int8) error {
	*n.int64 = v.Int64
	return nil
}

// asJSON keeps a value as JSON. What cannot be JSON, a year beyond 9999 say,
// is sent as nothing, which no column takes.
func asJSON(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return b
}

// unlessEmpty keeps a value as JSON; one without anything in it is NULL.
func unlessEmpty(v any) []byte {
	if b := asJSON(v); string(b) != "{}" {
		return b
	}
	return nil
}

// raw is JSON as it is; none is NULL.
func raw(v json.RawMessage) []byte {
	if len(v) == 0 {
		return nil
	}
	return v
}

// text cleans what the server would refuse: no odd byte in a name or in a
// server's answer may stop a line (P6).
func text[S ~string](s S) string {
	return strings.ToValidUTF8(strings.ReplaceAll(string(s), "\x00", ""), "\uFFFD")
}
