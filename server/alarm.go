package server

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"zhijian/ground/clock"
	"zhijian/ground/event"
)

// Refused sign-ins of staff that an hour usually has, and how many times that is an alarm (security.md part 8).
const (
	usualRefusals = 20
	alarmAt       = 5 * usualRefusals
)

// signInAlarm counts refused sign-ins of staff, for whoever watches the metrics: one budget per user, address and house slows guessing
// down, and a person has to know that it happens.
type signInAlarm struct {
	clock clock.Clock
	total prometheus.Counter

	mu   sync.Mutex
	last [alarmAt]time.Time // a ring of the last refusals
	at   int
}

func newSignInAlarm(c clock.Clock, metrics prometheus.Registerer) (*signInAlarm, error) {
	a := &signInAlarm{clock: c, total: prometheus.NewCounter(prometheus.CounterOpts{
		Name: "zhijian_staff_refused_total", Help: "Sign-ins of staff that were refused.",
	})}
	ring := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "zhijian_staff_alarm", Help: "1 while the last hour had 100 refused sign-ins of staff or more, five times the usual.",
	}, a.value)
	return a, errors.Join(metrics.Register(a.total), metrics.Register(ring))
}

func (a *signInAlarm) names() []string { return []string{"staff.refused"} }

// on counts a refusal by when it was, so that one that is delivered late raises no alarm.
func (a *signInAlarm) on(_ context.Context, e event.Event) error {
	a.total.Inc()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.last[a.at] = e.At
	a.at = (a.at + 1) % alarmAt
	return nil
}

func (a *signInAlarm) value() float64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	oldest := a.last[a.at]
	if oldest.IsZero() || a.clock.Now().Sub(oldest) > time.Hour {
		return 0
	}
	return 1
}
