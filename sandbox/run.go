package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"zhijian/sandbox/paychannel"
)

// Ready is the line that Run prints: what another process needs to use this world.
type Ready struct {
	URLs     map[string]string   `json:"urls"`
	Merchant paychannel.Merchant `json:"merchant"`
	// Imitation is always true: a house that reads this marks every page as a demonstration.
	Imitation bool `json:"imitation"`
}

// Run starts a world, prints one line of JSON (Ready) to out, and serves until ctx ends or a
// server fails. It is what keeps the outside world alive while a house is killed and restarted.
func Run(ctx context.Context, cfg Config, out io.Writer) error {
	w, err := Start(ctx, cfg)
	if err != nil {
		return err
	}
	line, err := json.Marshal(Ready{URLs: w.URLs(), Merchant: w.Merchant(), Imitation: true})
	if err == nil {
		_, err = fmt.Fprintf(out, "%s\n", line)
	}
	if err == nil {
		select {
		case <-ctx.Done():
		case err = <-w.Failed():
		}
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if cerr := w.Close(grace); err == nil {
		err = cerr
	}
	return err
}
