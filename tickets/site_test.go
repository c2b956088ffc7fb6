package tickets

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestSite(t *testing.T) {
	const rf = "xn--e1afmkfd.xn--p1ai"
	for _, c := range []struct{ in, want string }{
		{"example.ru", "https://example.ru"},
		{"https://пример.рф/страница", "https://" + rf + "/%D1%81%D1%82%D1%80%D0%B0%D0%BD%D0%B8%D1%86%D0%B0"},
		{"Мой сайт: example.ru.", "https://example.ru"},
		{"WWW.Example.RU/", "https://www.example.ru"},
		{"http://example.ru:80/", "http://example.ru"},
		{"https://example.ru:443", "https://example.ru"},
		{"https://example.ru:8443/admin/", "https://example.ru:8443/admin/"},
		{"example.ru:8080", "https://example.ru:8080"},
		{"http://shop.example.ru/catalog?id=5&sort=цена#top", "http://shop.example.ru/catalog?id=5&sort=%D1%86%D0%B5%D0%BD%D0%B0"},
		{"example.ru?p=1", "https://example.ru/?p=1"},
		{"https://admin:secret@example.ru/login", "https://example.ru/login"},
		{"сайт example.ru, он же https://example.ru/", "https://example.ru"},
		{"example.ru и www.example.ru", "https://example.ru"},
		{"сайт example.ru, вот страница: https://example.ru/cart", "https://example.ru/cart"},
		{"ПРИМЕР.РФ", "https://" + rf},
		{"пример。рф", "https://" + rf},
		{"xn--e1afmkfd.xn--p1ai", "https://" + rf},
		{"мой-магазин.рус", "https://xn----8sbalvgbxcpc.xn--p1acf"},
		{"(example.ru)", "https://example.ru"},
		{"«example.ru»!", "https://example.ru"},
		{"сайт:example.ru", "https://example.ru"},
		{"[мой сайт](https://example.ru/a)", "https://example.ru/a"},
		{"https://example.ru/wiki/Go_(язык)", "https://example.ru/wiki/Go_(%D1%8F%D0%B7%D1%8B%D0%BA)"},
		{"http:/example.ru", "http://example.ru"},
		{"https//example.ru", "https://example.ru"},
		{`http:\\example.ru\shop`, "http://example.ru/shop"},
		{"//example.ru/x", "https://example.ru/x"},
		{"HTTPS://EXAMPLE.RU/Path", "https://example.ru/Path"},
		{"https://example.ru/100%", "https://example.ru/100%25"},
		{"https://example.ru/a%2fb%zz", "https://example.ru/a%2Fb%25zz"},
		{"https://web.archive.org/web/2020/https://example.ru/", "https://web.archive.org/web/2020/https://example.ru/"},
		{"http://95.163.10.2/shop", "http://95.163.10.2/shop"},
		{"мой сайт project123.tilda.ws не открывается", "https://project123.tilda.ws"},
		{"shop.github.io", "https://shop.github.io"},
		{"пишите на anna@mail.ru, сайт example.ru", "https://example.ru"},
		{"файл index.php на example.ru", "https://example.ru"},
		{"Сайт не открывается.Адрес example.ru", "https://example.ru"},
		{"It is broken.My site is example.com", "https://example.com"},
		{"example.ru\u200b", "https://example.ru"},
		{"example.ru👍", "https://example.ru"},
		{"tg://resolve?domain=x, а сайт example.ru", "https://example.ru"},
		{"/var/www/shop.ru/index.html на example.ru", "https://example.ru"},

		{"", SiteNone},
		{"не помню", SiteNone},
		{"index.php", SiteNone},
		{"config.local", SiteLocal},
		{"и т.д", SiteNone},
		{"и т.д.", SiteNone},
		{"версия v1.2.3", SiteNone},
		{"1.2.3.4", SiteNone},
		{"12.05.2025", SiteNone},
		{"archive.zip, main.py", SiteNone},
		{"README.md", SiteNone},
		{"Яндекс.Директ", SiteNone},
		{"anna@example.ru", SiteNone},
		{"mailto:anna@example.ru", SiteNone},
		{"co.uk", SiteNone},
		{"example.нетнет", SiteNone},
		{"/var/www/shop.ru/index.html", SiteNone},

		{"example.ru и shop.com", SiteSeveral},
		{"https://example.ru,https://shop.com", SiteSeveral},
		{"example.ru,www.shop.com", SiteSeveral},
		{"example.ru\nsub.example.ru", SiteSeveral},

		{"localhost", SiteLocal},
		{"http://localhost:3000/admin", SiteLocal},
		{"127.0.0.1:8080", SiteLocal},
		{"http://127.0.0.1", SiteLocal},
		{"192.168.1.10/wp-admin", SiteLocal},
		{"http://10.1.2.3", SiteLocal},
		{"http://169.254.169.254/latest", SiteLocal},
		{"http://100.64.1.1", SiteLocal},
		{"http://0.0.0.0", SiteLocal},
		{"http://255.255.255.255", SiteLocal},
		{"http://2130706433/", SiteLocal},
		{"http://0x7f000001", SiteLocal},
		{"http://0x7F.1", SiteLocal},
		{"http://0177.0.0.1", SiteLocal},
		{"http://127.1", SiteLocal},
		{"http://１２７.０.０.１", SiteLocal},
		{"http://127。0。0。1", SiteLocal},
		{"http://[::1]:8080/", SiteLocal},
		{"http://[2001:db8::1]", SiteLocal},
		{"http://intranet/", SiteLocal},
		{"printer.local", SiteLocal},
		{"https://shop.test", SiteLocal},
		{"db.internal", SiteLocal},
		{"http://site.localhost./", SiteLocal},
		{"http://user@localhost", SiteLocal},

		{"ftp://example.ru", SiteScheme},
		{"javascript:alert(1)", SiteScheme},
		{"tg://resolve?domain=example", SiteScheme},
		{"file:///etc/passwd", SiteScheme},
		{"htpp://example.ru", SiteScheme},

		{"https://exa_mple.ru", SiteInvalid},
		{"https://-example.ru", SiteInvalid},
		{"https://example.ru:99999/", SiteInvalid},
		{"https://example.ru:port/", SiteInvalid},
		{"https://example.ru/" + strings.Repeat("ж", 400), SiteLong},
	} {
		got, err := Site(c.in)
		if err != nil {
			got = codeOf(t, err)
		}
		if got != c.want {
			t.Errorf("Site(%q) = %q (%v), want %q", c.in, got, err, c.want)
		}
	}
}

func TestSiteDetail(t *testing.T) {
	for in, want := range map[string]string{
		"a.ru b.ru пример.рф d.ru": "site.several (a.ru, b.ru, пример.рф, …)",
		"FTP://a.ru":               "site.scheme (ftp)",
		"http://u:secret@intra":    "site.local (intra)",
	} {
		if _, err := Site(in); err == nil || err.Error() != want {
			t.Errorf("Site(%q): %v, want %s", in, err, want)
		}
	}
}

func TestSites(t *testing.T) {
	got := Sites("На example.ru нет корзины, а на https://shop.com/ формы. И ещё www.example.ru/cart, и localhost")
	want := []string{"https://www.example.ru/cart", "https://shop.com"}
	if !slices.Equal(got, want) {
		t.Errorf("Sites = %q, want %q", got, want)
	}
}

func TestSiteShown(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://xn--e1afmkfd.xn--p1ai/%D1%81%D1%82%D1%80?q=%D1%8F", "пример.рф/стр?q=я"},
		{"http://example.ru:8080/a%20b%2Fc", "example.ru:8080/a%20b%2Fc"},
		{"https://example.ru/%FF%D1", "example.ru/%FF%D1"},
		{"https://example.ru/%E2%80%AEx", "example.ru/%E2%80%AEx"},
		{"https://xn--pypl-53dc.com", "xn--pypl-53dc.com"}, // раyраl with Cyrillic а
		{"https://example.ru", "example.ru"},
	} {
		if got := SiteShown(c.in); got != c.want {
			t.Errorf("SiteShown(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}

func TestSameSite(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"https://example.ru", "http://www.example.ru/cart?x=1", true},
		{"https://example.ru:8080", "https://example.ru/a:b", true},
		{"https://example.ru", "https://shop.example.ru", false},
		{"https://example.ru", "https://example.com", false},
	} {
		if got := SameSite(c.a, c.b); got != c.want {
			t.Errorf("SameSite(%q, %q) = %v", c.a, c.b, got)
		}
	}
}

func FuzzSite(f *testing.F) {
	for _, s := range []string{
		"example.ru", "https://пример.рф/страница?a=b#c", "Мой сайт: WWW.Example.RU/.", "http://[::1]:80", "http://0x7f.1",
		"https//a.ru", "a@b.ru c.ru", "//a.ru:99/%zz%D1", "http://a.ru..", "https://a.ru/(b))", "http:\\\\a.ru\\b", "ﬁ.ru", "a.ru,www.b.ru",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		Sites(s)
		got, err := Site(s)
		if err != nil {
			codeOf(t, err)
			return
		}
		if len(got) > siteMax {
			t.Errorf("%d bytes long", len(got))
		}
		if again, err := Site(got); err != nil || again != got {
			t.Errorf("Site(%q) = %q, then %q, %v", s, got, again, err)
		}
		u, err := url.Parse(got)
		if err != nil || u.User != nil || u.Fragment != "" || u.String() != got || u.Hostname() != strings.ToLower(u.Hostname()) {
			t.Errorf("Site(%q) = %q is no normal URL: %v, %v", s, got, u, err)
		}
		if !SameSite(got, got) || strings.ContainsAny(SiteShown(got), " \n\t<>\"") {
			t.Errorf("SiteShown(%q) = %q", got, SiteShown(got))
		}
	})
}
