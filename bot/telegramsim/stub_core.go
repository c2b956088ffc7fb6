package telegramsim

import "net/http"

type Fault func()
type limiter struct{}

func newLimiter() *limiter                                                         { return nil }
func (w *World) checkLimits(c *call) error                                         { return nil }
func (w *World) faultBefore(rw http.ResponseWriter, r *http.Request, c *call) bool { return false }
func (w *World) faultAfter(rw http.ResponseWriter, r *http.Request, c *call, err error) bool {
	return false
}

type fileStore struct{}

func (f *fileStore) init()                                                             {}
func (w *World) serveFile(rw http.ResponseWriter, r *http.Request, token, file string) {}

type webhook struct{}

func (h *webhook) offer(u *update)        {}
func setWebhook(c *call) (any, error)     { return true, nil }
func deleteWebhook(c *call) (any, error)  { return true, nil }
func getWebhookInfo(c *call) (any, error) { return true, nil }
