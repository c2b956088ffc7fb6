package dialog

import (
	"reflect"
	"testing"
	"time"
)

// TestCloneSharesNothing: whatever a session holds, a change of its clone does not
// reach it. Values are made for every field, so that a new one is not forgotten.
func TestCloneSharesNothing(t *testing.T) {
	var s Session
	fill(reflect.ValueOf(&s).Elem(), 3)
	c := s.clone()
	if !reflect.DeepEqual(s, c) {
		t.Fatalf("%+v\n%+v", s, c)
	}
	unshared(t, "Session", reflect.ValueOf(s), reflect.ValueOf(c))
}

// fill gives everything that can be reached a value, lists nested to a depth.
func fill(v reflect.Value, depth int) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(1, 0)))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), depth)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), depth)
		}
	case reflect.Slice:
		if depth > 0 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), depth-1)
		}
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, depth)
		fill(value, depth)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	default:
		panic("no value for " + v.Type().String())
	}
}

// unshared tells what two values share.
func unshared(t *testing.T, name string, a, b reflect.Value) {
	if a.Type() == reflect.TypeFor[time.Time]() {
		return
	}
	switch a.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		if a.IsNil() {
			return
		}
		if a.Pointer() == b.Pointer() {
			t.Errorf("%s is shared", name)
		}
	}
	switch a.Kind() {
	case reflect.Pointer:
		unshared(t, name, a.Elem(), b.Elem())
	case reflect.Struct:
		for i := range a.NumField() {
			unshared(t, name+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))
		}
	case reflect.Slice:
		for i := range a.Len() {
			unshared(t, name, a.Index(i), b.Index(i))
		}
	case reflect.Map:
		for _, key := range a.MapKeys() {
			unshared(t, name, a.MapIndex(key), b.MapIndex(key))
		}
	}
}
