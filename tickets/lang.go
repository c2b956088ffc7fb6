package tickets

// Lang is a language that the chats speak.
type Lang string

// The languages there are texts for.
const (
	Russian Lang = "ru"
	English Lang = "en"
)

// Langs lists every language, the desk's own first.
var Langs = []Lang{Russian, English}

// LangOf turns an IETF language tag, such as Telegram gives, into a language
// that there are texts for. Speakers of the languages of the region read
// Russian more often than English; everybody else gets English.
func LangOf(tag string) Lang {
	if len(tag) >= 2 {
		switch tag[:2] {
		case "ru", "uk", "be", "kk", "ky", "tg", "uz", "hy", "az":
			return Russian
		case "en":
			return English
		}
	}
	if tag == "" {
		return Russian
	}
	return English
}

// Words is a short text of the policy in every language.
type Words map[Lang]string

// In returns the words in a language, or in any other that there is.
func (w Words) In(l Lang) string {
	if s, ok := w[l]; ok && s != "" {
		return s
	}
	for _, other := range Langs {
		if w[other] != "" {
			return w[other]
		}
	}
	return ""
}
