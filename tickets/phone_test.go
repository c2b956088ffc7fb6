package tickets

import (
	"regexp"
	"testing"
)

func TestPhone(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"8 (495) 123-45-67", "+74951234567"},
		{"+7 495 123 45 67", "+74951234567"},
		{"+7(495)1234567", "+74951234567"},
		{"8-800-555-35-35", "+78005553535"},
		{"88005553535", "+78005553535"},
		{"7 916 123 45 67", "+79161234567"},
		{"916 123-45-67", "+79161234567"},
		{"495.123.45.67", "+74951234567"},
		{"+7\u00a0916\u2009123–45‑67", "+79161234567"},
		{"tel:+79161234567", "+79161234567"},
		{"+44 20 7946 0958", "+442079460958"},
		{"0049 30 1234567", "+49301234567"},
		{"8 10 49 30 1234567", "+49301234567"},
		{"375 29 123-45-67", "+375291234567"},
		{"+1 (212) 555-0123", "+12125550123"},
		{"+290 1234", "+2901234"},
		{"8 (495) 123-45-67 доб. 12", "+74951234567;ext=12"},
		{"8 (495) 123-45-67, добавочный 1203", "+74951234567;ext=1203"},
		{"+7 495 123 45 67 (доб. 12)", "+74951234567;ext=12"},
		{"+44 20 7946 0958 ext. 7", "+442079460958;ext=7"},
		{"+442079460958 x7", "+442079460958;ext=7"},
		{"+74951234567;ext=12", "+74951234567;ext=12"},
		{"+74951234567,", "+74951234567"},
		{"\u202a+79161234567\u202c", "+79161234567"},

		{"123-45-67", PhoneCode},
		{"12345", PhoneCode},
		{"212 555 0123", PhoneCode},
		{"", PhoneInvalid},
		{"нет", PhoneInvalid},
		{"02", PhoneInvalid},
		{"+7 495 123-45-6", PhoneInvalid},
		{"8 495 123 45 67 89", PhoneInvalid},
		{"+0 123 456 78 90", PhoneInvalid},
		{"+1234567890123456", PhoneInvalid},
		{"+123456", PhoneInvalid},
		{"8 495 1234567, 8 916 1234567", PhoneInvalid},
		{"позвоните 8 495 123 45 67", PhoneInvalid},
		{"anna@example.ru", PhoneInvalid},
		{"+", PhoneInvalid},
		{"()", PhoneInvalid},
		{"доб. 12", PhoneInvalid},
	} {
		got, err := PhoneNumber(c.in)
		if err != nil {
			got = codeOf(t, err)
		}
		if got != c.want {
			t.Errorf("PhoneNumber(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func FuzzPhone(f *testing.F) {
	for _, s := range []string{"8 (495) 123-45-67 доб. 12", "+79161234567;ext=1", "00 49", "810", "x", "+-()", "tel:8"} {
		f.Add(s)
	}
	normal := regexp.MustCompile(`^\+[1-9]\d{6,14}(;ext=\d{1,6})?$`)
	f.Fuzz(func(t *testing.T, s string) {
		got, err := PhoneNumber(s)
		if err != nil {
			codeOf(t, err)
			return
		}
		if again, err := PhoneNumber(got); err != nil || again != got || !normal.MatchString(got) {
			t.Errorf("PhoneNumber(%q) = %q, then %q, %v", s, got, again, err)
		}
	})
}
