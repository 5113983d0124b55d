package door

import (
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// meter counts and logs requests by route pattern; paths and queries are not labels.
type meter struct {
	log     *slog.Logger
	count   *prometheus.CounterVec
	seconds *prometheus.HistogramVec
}

type routeMeter struct {
	name    string
	seconds prometheus.Observer
	ok      prometheus.Counter
	count   *prometheus.CounterVec
}

func newMeter(reg prometheus.Registerer, log *slog.Logger) (*meter, error) {
	m := &meter{
		log: log,
		count: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "zhijian_http_requests_total", Help: "Requests answered, by route and status.",
		}, []string{"route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "zhijian_http_seconds", Help: "Time to answer, by route.",
			Buckets: []float64{.0001, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 15},
		}, []string{"route"}),
	}
	if reg == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.count, m.seconds} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (m *meter) route(name string) *routeMeter {
	return &routeMeter{name: name, seconds: m.seconds.WithLabelValues(name), ok: m.count.WithLabelValues(name, "200"), count: m.count}
}

// quick notes a page served from the cache.
func (m *meter) quick(r *http.Request, p *page, watch func() time.Duration) {
	took := watch()
	p.meter.seconds.Observe(took.Seconds())
	p.meter.ok.Inc()
	if m.log.Enabled(r.Context(), slog.LevelDebug) {
		m.log.LogAttrs(r.Context(), slog.LevelDebug, "http", slog.String("route", p.meter.name), slog.Bool("cached", true), slog.Duration("took", took))
	}
}

// slow is from when on a request is worth a line by itself. The others are in the metrics; a line for each would be
// 7 % of what a small answer costs (tools/bench, get one).
const slow = time.Second

func (m *meter) done(r *Request, of *routeMeter, out *reply, took time.Duration) {
	status := out.status
	if status == 0 {
		status = 499 // the client went away before there was an answer
	}
	of.seconds.Observe(took.Seconds())
	of.count.WithLabelValues(of.name, strconv.Itoa(status)).Inc()
	level := slog.LevelDebug
	if status >= http.StatusInternalServerError || took > slow {
		level = slog.LevelInfo
	}
	if m.log.Enabled(r.Context(), level) {
		m.log.LogAttrs(r.Context(), level, "http", slog.String("request", r.ID), slog.String("method", r.Method), slog.String("route", of.name),
			slog.Int("status", status), slog.Int64("bytes", out.bytes), slog.Duration("took", took), slog.String("client", r.ClientIP()), slog.String("actor", r.Actor.String()))
	}
}

// reply notes what was answered.
type reply struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader notes the status; the first one counts.
func (r *reply) WriteHeader(status int) {
	if r.status == 0 && status >= 200 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *reply) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (r *reply) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Flush is for the compressor, which stands between two of these and asks whoever is next.
func (r *reply) Flush() { _ = http.NewResponseController(r.ResponseWriter).Flush() }
