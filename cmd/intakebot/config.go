package main

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"intakebot/bot"
	"intakebot/tickets"
	"intakebot/tickets/policy"
)

// settings are the configuration as it is written: flags, or variables of the
// environment. All are texts, so that every mistake can be reported at once.
type settings struct {
	Token, APIURL, Groups, Database, Redis, WebhookURL, WebhookSecret, Listen, Policy string
}

// flags adds one for each setting.
func (s *settings) flags(set *pflag.FlagSet) {
	settingFlag(set, &s.Token, "telegram-bot-token", "TELEGRAM_BOT_TOKEN", "required: the bot's `TOKEN`, from BotFather; better in the environment, as a command line can be seen by others")
	settingFlag(set, &s.APIURL, "telegram-api-url", "TELEGRAM_API_URL", "the Bot API's base `URL`; without it "+defaultAPI)
	settingFlag(set, &s.Groups, "agent-group-id", "AGENT_GROUP_ID", "required: the agents' chat by its `ID`, or several with commas: a supergroup with topics, or a plain group")
	settingFlag(set, &s.Database, "database-url", "DATABASE_URL", "the database's `URL`: sqlite:FILE or postgres://…; without it "+defaultDatabase)
	settingFlag(set, &s.Redis, "redis-url", "REDIS_URL", "the `URL` of Redis: redis://, rediss://, cluster and sentinel forms; goes with PostgreSQL, and is needed for more than one replica")
	settingFlag(set, &s.WebhookURL, "webhook-url", "WEBHOOK_URL", "the public HTTPS `URL` where Telegram brings updates; without it they are fetched by long polling")
	settingFlag(set, &s.WebhookSecret, "webhook-secret", "WEBHOOK_SECRET", "the webhook's `SECRET` token: 1 to 256 of A-Z, a-z, 0-9, _ and -; required with the webhook")
	settingFlag(set, &s.Listen, "listen-addr", "LISTEN_ADDR", "`HOST:PORT` where webhook, health and metrics are served; without it "+defaultListen)
	settingFlag(set, &s.Policy, "policy-file", "POLICY_FILE", "the `FILE` of the desk's regulation, in YAML; without it the shipped one (see intakebot policy)")
}

// What a setting is that is left open.
const (
	defaultAPI      = "https://api.telegram.org"
	defaultDatabase = "sqlite:intakebot.db"
	defaultListen   = "127.0.0.1:8080"
)

// config is the configuration as it is used.
type config struct {
	token, apiURL             string
	groups                    []int64
	database                  database
	redis                     string
	webhookURL, webhookSecret string
	webhookPath               string
	listen                    string
	policy                    tickets.Policy
	limiter                   bot.Limiter // nil: Telegram's limits; else what a story keeps instead
	ground                    ground
}

// ground is what the bot stands on, where a test puts something in its place.
type ground struct {
	transport http.RoundTripper                 // to Telegram; nil: the network
	store     func(tickets.Store) tickets.Store // nil: as it was opened
	now       func() time.Time                  // nil: time.Now
	rand      func() float64                    // from 0 to 1, for jitter; nil: random
	listener  net.Listener                      // nil: of the address to listen on
}

// database says where tickets are kept: in a file, or on a server.
type database struct{ file, url string }

// mistakes gathers what is wrong, a line for each.
type mistakes []string

func (m *mistakes) add(variable, format string, args ...any) {
	*m = append(*m, variable+": "+fmt.Sprintf(format, args...))
}

// err is nil where nothing is wrong.
func (m mistakes) err() error {
	if len(m) == 0 {
		return nil
	}
	return &usageError{strings.Join(m, "\n")}
}

// config checks all settings. The error has a line for each mistake, naming
// its variable, and never a secret.
func (s settings) config() (config, error) {
	var wrong mistakes
	s.fill()
	c := config{
		token:    s.token(&wrong),
		apiURL:   s.apiURL(&wrong),
		groups:   s.groups(&wrong),
		database: s.database(&wrong),
		redis:    s.redis(&wrong),
		listen:   s.listen(&wrong),
		policy:   s.policy(&wrong),
	}
	c.webhookURL, c.webhookSecret, c.webhookPath = s.webhook(&wrong)
	c.checkRoutes(&wrong)
	return c, wrong.err()
}

// checkRoutes sees that the policy sends no topic to a chat in which the bot
// would not stay.
func (c config) checkRoutes(wrong *mistakes) {
	for _, t := range c.policy.Topics {
		if t.Group != 0 && len(c.groups) > 0 && !slices.Contains(c.groups, t.Group) {
			wrong.add("POLICY_FILE", "the topic %q goes to group %d, which is not in AGENT_GROUP_ID: add it there, or take it out of the topic", t.ID, t.Group)
		}
	}
}

// fill puts in the defaults.
func (s *settings) fill() {
	s.APIURL = cmp.Or(s.APIURL, defaultAPI)
	s.Database = cmp.Or(s.Database, defaultDatabase)
	s.Listen = cmp.Or(s.Listen, defaultListen)
}

var tokenForm = regexp.MustCompile(`^[0-9]{3,20}:[A-Za-z0-9_-]{20,}$`)

func (s settings) token(wrong *mistakes) string {
	token := strings.TrimSpace(s.Token)
	switch {
	case token == "":
		wrong.add("TELEGRAM_BOT_TOKEN", "is missing: BotFather gives one to each bot")
	case !tokenForm.MatchString(token):
		wrong.add("TELEGRAM_BOT_TOKEN", "is not a token: it looks like 123456789:AA…, as BotFather wrote it")
	}
	return token
}

func (s settings) apiURL(wrong *mistakes) string {
	u, err := url.Parse(s.APIURL)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.User != nil {
		wrong.add("TELEGRAM_API_URL", "is not an http or https URL such as https://api.telegram.org")
	}
	return strings.TrimRight(s.APIURL, "/")
}

func (s settings) groups(wrong *mistakes) []int64 {
	if strings.TrimSpace(s.Groups) == "" {
		wrong.add("AGENT_GROUP_ID", "is missing: the ID of the agents' group, such as -1001234567890")
		return nil
	}
	var ids []int64
	for i, part := range strings.Split(s.Groups, ",") {
		id, err := strconv.ParseInt(strings.TrimSpace(part), 10, 64)
		switch {
		case err != nil || id >= 0:
			wrong.add("AGENT_GROUP_ID", "number %d in it is not a group's ID, which is negative, such as -1001234567890", i+1)
			continue
		case slices.Contains(ids, id):
			wrong.add("AGENT_GROUP_ID", "%d is there twice", id)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

func (s settings) database(wrong *mistakes) database {
	file, isFile := strings.CutPrefix(s.Database, "sqlite:")
	file, err := fromHome(file)
	switch {
	case isFile && err != nil:
		wrong.add("DATABASE_URL", "%v", err)
	case isFile && file != "":
		return database{file: file}
	case isFile:
		wrong.add("DATABASE_URL", "names no file: write sqlite:FILE")
	case strings.HasPrefix(s.Database, "postgres://"), strings.HasPrefix(s.Database, "postgresql://"):
		if err := postgresURL(s.Database); err != nil {
			wrong.add("DATABASE_URL", "is not a PostgreSQL URL such as postgres://user:password@host:5432/database")
		}
		return database{url: s.Database}
	default:
		wrong.add("DATABASE_URL", "is neither sqlite:FILE nor postgres://…")
	}
	return database{}
}

func (s settings) redis(wrong *mistakes) string {
	if s.Redis == "" {
		return ""
	}
	if !strings.HasPrefix(s.Database, "postgres") {
		wrong.add("REDIS_URL", "goes with PostgreSQL: set DATABASE_URL=postgres://…, or leave it out")
	}
	if err := redisURL(s.Redis); err != nil {
		wrong.add("REDIS_URL", "%v", err)
	}
	return s.Redis
}

var secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

func (s settings) webhook(wrong *mistakes) (hook, secret, path string) {
	if s.WebhookURL == "" {
		if s.WebhookSecret != "" {
			wrong.add("WEBHOOK_SECRET", "is set, but WEBHOOK_URL is not")
		}
		return "", "", ""
	}
	u, err := url.Parse(s.WebhookURL)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		wrong.add("WEBHOOK_URL", "is not an https URL such as https://bot.example.com/telegram")
	} else if path = u.EscapedPath(); path == "" {
		path = "/"
	}
	switch {
	case s.WebhookSecret == "":
		wrong.add("WEBHOOK_SECRET", "is missing: it is required with WEBHOOK_URL")
	case len(s.WebhookSecret) > 256, !secretForm.MatchString(s.WebhookSecret):
		wrong.add("WEBHOOK_SECRET", "may have 1 to 256 of the characters A-Z, a-z, 0-9, _ and -")
	}
	return s.WebhookURL, s.WebhookSecret, path
}

func (s settings) listen(wrong *mistakes) string {
	_, port, err := net.SplitHostPort(s.Listen)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		wrong.add("LISTEN_ADDR", "is not HOST:PORT such as 127.0.0.1:8080")
	}
	return s.Listen
}

// policy reads the policy file, every mistake of it with its line.
func (s settings) policy(wrong *mistakes) tickets.Policy {
	if s.Policy == "" {
		return policy.Shipped()
	}
	file, err := fromHome(s.Policy)
	if err != nil {
		wrong.add("POLICY_FILE", "%v", err)
		return tickets.Policy{}
	}
	p, err := policy.File(file)
	var path *os.PathError
	switch {
	case errors.As(err, &path):
		wrong.add("POLICY_FILE", "%v", err)
	case err != nil:
		for line := range strings.SplitSeq(err.Error(), "\n") {
			wrong.add("POLICY_FILE", "%s", line)
		}
	}
	return p
}
