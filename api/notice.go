package api

import (
	"io"
	"net/http"

	"zhijian/door"
	"zhijian/ground/actor"
)

// payNotice takes a notice of the payment channel. Only a proven notice is answered with 200, and only after the
// order it is about has been saved; anything else makes the channel come again (wechat-contract 13.7).
func (a *API) payNotice(w http.ResponseWriter, r *door.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	n, err := a.c.Notices.Open(r.Context(), r.Header, body)
	if err != nil {
		return err
	}
	if _, err := a.c.Payment.Settle(r.Context(), actor.Actor{Kind: actor.Channel}, n); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, err = w.Write([]byte(`{"code":"SUCCESS"}`))
	return err
}
