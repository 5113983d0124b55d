package walk

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Inbox reads the newest code that the sandbox's SMS gateway delivered to a phone.
func (w *Walker) Inbox(ctx context.Context, sms, phone string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, sms+"/inbox?phone="+url.QueryEscape(phone), nil)
	if err != nil {
		return "", err
	}
	res, err := w.client.Do(req)
	if err != nil {
		return "", fmt.Errorf("walk: inbox: %w", err)
	}
	defer res.Body.Close()
	var box struct {
		Messages []struct{ Code string }
	}
	if err := json.NewDecoder(res.Body).Decode(&box); err != nil {
		return "", fmt.Errorf("walk: inbox: %w", err)
	}
	for i := len(box.Messages) - 1; i >= 0; i-- {
		if c := box.Messages[i].Code; c != "" {
			return c, nil
		}
	}
	return "", fmt.Errorf("walk: no code has arrived")
}

// SignIn signs in by phone and the code from the sandbox's inbox; who is signed in already stays so.
func (w *Walker) SignIn(ctx context.Context, sms, phone string) error {
	if err := w.Get(ctx, "/login"); err != nil {
		return err
	}
	if !strings.HasSuffix(w.Page.URL.Path, "/login") {
		return nil // the session of last time still holds
	}
	if err := w.Submit(ctx, map[string]string{"phone": phone}); err != nil {
		return err
	}
	if !w.Page.Has("code") {
		return fmt.Errorf("walk: no question for a code: %d %s", w.Page.Status, w.Page.H1)
	}
	code, err := w.Inbox(ctx, sms, phone)
	if err != nil {
		return err
	}
	if err := w.Submit(ctx, map[string]string{"code": code}); err != nil {
		return err
	}
	if w.Page.Status != http.StatusOK || strings.HasPrefix(w.Page.URL.Path, "/login") {
		return fmt.Errorf("walk: not signed in: %d %s", w.Page.Status, w.Page.H1)
	}
	return nil
}

// Start opens a case of a service in a city; afterwards Page is the case's first step.
func (w *Walker) Start(ctx context.Context, city, service string) error {
	if err := w.Get(ctx, "/city/"+city+"/services/"+service); err != nil {
		return err
	}
	return w.SubmitTo(ctx, "/start", nil)
}

// CaseNo gives the number of the case whose page is open, or "".
func (w *Walker) CaseNo() string {
	parts := strings.Split(strings.TrimPrefix(w.Page.URL.Path, "/en"), "/")
	if len(parts) > 2 && parts[1] == "cases" {
		return parts[2]
	}
	return ""
}

// Pay presses "pay" on the cashier's page and follows it home. The page open must be the cashier's.
func (w *Walker) Pay(ctx context.Context) error {
	return w.Submit(ctx, map[string]string{"action": "pay"})
}
