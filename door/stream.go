package door

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/klauspost/compress/gzhttp"

	"zhijian/ground/fault"
)

// streamsAtOnce bounds the streams that are open on one process; who comes later is told to ask again by and by, as a page without script does.
const streamsAtOnce = 2000

// Stream sends server-sent events (WHATWG HTML 9.2) until the route's time is almost over, the house closes or the browser is gone; the browser
// then comes back by itself. next is asked at once and every so often; it gives what to send, or what was sent last, which is not sent
// again. An error of the first look is the handler's; later ones end the stream. The route's Limit.Time bounds how long it lasts.
func (r *Request) Stream(w http.ResponseWriter, every time.Duration, next func(ctx context.Context) (string, error)) error {
	d := r.door
	select {
	case d.streaming <- struct{}{}:
		defer func() { <-d.streaming }()
	default:
		return fault.Unavailable("door.streams", "现在看的人多，请过一会儿刷新页面").After(15 * time.Second)
	}
	text, err := next(r.Context())
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")       // a proxy in front would keep events back
	h.Set(gzhttp.HeaderNoCompression, "1") // and so would we: the compressor waits for more
	out := http.NewResponseController(w)
	tick := time.NewTicker(every)
	defer tick.Stop()
	message := "retry: 3000\n" + event(text)
	for sent := text; ; {
		if message != "" {
			if _, err := w.Write([]byte(message)); err != nil {
				return nil // the browser is gone
			}
			if err := out.Flush(); err != nil {
				return nil
			}
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-tick.C:
		}
		if d.draining.Load() {
			return nil
		}
		if text, err = next(r.Context()); err != nil {
			return nil
		}
		message = ""
		if text != sent {
			message, sent = event(text), text
		}
	}
}

// event is one message; its lines are each a line of data.
func event(text string) string {
	return "data: " + strings.ReplaceAll(text, "\n", "\ndata: ") + "\n\n"
}
