package door

import (
	"context"
	"time"
)

// Until asks check again and again until it says yes, fails, or max has passed; it reports what check said last. The
// pauses grow from 2 to 25 ms: after a POST a case has usually moved on within a few milliseconds, and a page that
// shows the next step at once saves the resident a reload. The end of ctx is no error but a no.
func Until(ctx context.Context, most time.Duration, check func(context.Context) (bool, error)) (bool, error) {
	const first, longest = 2 * time.Millisecond, 25 * time.Millisecond
	end := time.NewTimer(most)
	defer end.Stop()
	for pause := first; ; pause = min(pause*3/2, longest) {
		yes, err := check(ctx)
		if yes || err != nil {
			return yes, err
		}
		wait := time.NewTimer(pause)
		select {
		case <-wait.C:
		case <-end.C:
			wait.Stop()
			return check(ctx)
		case <-ctx.Done():
			wait.Stop()
			return false, nil
		}
	}
}
