package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// instant keeps a time as microseconds since 1970; the zero time is NULL.
type instant struct{ *time.Time }

// Value is what goes into the file.
func (i instant) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i.UnixMicro(), nil
}

// Scan reads what is in the file.
func (i instant) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*i.Time = time.Time{}
	case int64:
		*i.Time = time.UnixMicro(v).UTC()
	default:
		return fmt.Errorf("not an instant: %T", v)
	}
	return nil
}

// asJSON keeps a value as JSON. To scan, it points to one.
type asJSON struct{ v any }

// Value is what goes into the file.
func (j asJSON) Value() (driver.Value, error) {
	b, err := json.Marshal(j.v)
	return string(b), err
}

// Scan reads what is in the file.
func (j asJSON) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("not JSON: %T", v)
	}
	return json.Unmarshal([]byte(s), j.v)
}

// orNull keeps 0 as NULL, for columns that refer to something.
type orNull struct{ *int64 }

// Value is what goes into the file.
func (n orNull) Value() (driver.Value, error) {
	if *n.int64 == 0 {
		return nil, nil
	}
	return *n.int64, nil
}

// Scan reads what is in the file.
func (n orNull) Scan(v any) error {
	*n.int64, _ = v.(int64)
	return nil
}

// raw keeps JSON as it is; none is NULL.
type raw struct{ *json.RawMessage }

// Value is what goes into the file.
func (r raw) Value() (driver.Value, error) {
	if len(*r.RawMessage) == 0 {
		return nil, nil
	}
	return string(*r.RawMessage), nil
}

// Scan reads what is in the file.
func (r raw) Scan(v any) error {
	*r.RawMessage = nil
	if s, ok := v.(string); ok {
		*r.RawMessage = json.RawMessage(s)
	}
	return nil
}
