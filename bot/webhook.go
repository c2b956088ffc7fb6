package bot

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"net/http"
)

const (
	mostBody = 1 << 20 // bytes of an update brought to the webhook

	// secretHeader carries the secret that setWebhook was given.
	secretHeader = "X-Telegram-Bot-Api-Secret-Token"

	// retrySeconds is when Telegram is asked to bring a refused update again.
	retrySeconds = "1"
)

// register has Telegram bring updates to the webhook.
func (in *Intake) register(ctx context.Context) error {
	err := in.insist(ctx, "setWebhook", func(ctx context.Context) error {
		return in.cfg.Telegram.SetWebhook(ctx, in.cfg.WebhookURL, in.cfg.WebhookSecret)
	})
	if err == nil {
		in.log.Info("updates are brought to the webhook", "url", in.cfg.WebhookURL)
	}
	return err
}

// Webhook is where Telegram brings updates. It answers 200 only when the
// update's effects are committed (P1), and 503 when they could not be, so that
// Telegram brings it again. What arrived whole and is no update would be none
// the next time either: it is counted, and answered 200, or it would hold up
// all behind it for a day (P6). Strangers are refused before anything of their
// body is read. The server around it must bound how long a request may take to
// arrive.
func (in *Intake) Webhook() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		status := in.brought(w, req)
		if status == http.StatusServiceUnavailable {
			w.Header().Set("Retry-After", retrySeconds)
		}
		w.WriteHeader(status)
	})
}

// brought takes an update from a request, and says what to answer.
func (in *Intake) brought(w http.ResponseWriter, req *http.Request) int {
	if req.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.Header().Set("Connection", "close")
		return http.StatusMethodNotAllowed
	}
	if !in.knowsSecret(req.Header.Get(secretHeader)) {
		w.Header().Set("Connection", "close") // else the server reads on for the next request
		return http.StatusUnauthorized
	}
	body, err := readAll(http.MaxBytesReader(w, req.Body, mostBody), req.ContentLength)
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case err != nil:
		return http.StatusBadRequest
	}
	r, err := receive(body)
	if err != nil {
		in.invalid(err, body)
		return http.StatusOK
	}
	in.Counters.Received.Add(1)
	err = in.inLane(req.Context(), r, func(ctx context.Context) error { return in.take(ctx, r) })
	if err != nil {
		return http.StatusServiceUnavailable
	}
	return http.StatusOK
}

// knowsSecret compares in constant time, lengths included (P7). Without a
// secret of our own nobody knows it.
func (in *Intake) knowsSecret(given string) bool {
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(in.cfg.WebhookSecret))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1 && in.cfg.WebhookSecret != ""
}
