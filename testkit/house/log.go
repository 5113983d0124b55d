package house

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// Log keeps all that a house logs, down to what only developers turn on. Safe for concurrent use.
type Log struct {
	mu       sync.Mutex
	text     bytes.Buffer
	expected []string
}

func (l *Log) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// Write takes lines; slog calls it.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String is the whole log.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Expect says that errors whose line contains part belong to the test.
func (l *Log) Expect(part string) {
	l.mu.Lock()
	l.expected = append(l.expected, part)
	l.mu.Unlock()
}

// Tail is the last n warnings and errors.
func (l *Log) Tail(n int) string {
	lines := l.lines("level=WARN", "level=ERROR")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}

func (l *Log) lines(marks ...string) []string {
	var list []string
	for line := range strings.SplitSeq(l.String(), "\n") {
		for _, m := range marks {
			if strings.Contains(line, m) {
				list = append(list, line)
			}
		}
	}
	return list
}

func (l *Log) check(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	expected := l.expected
	l.mu.Unlock()
next:
	for _, line := range l.lines("level=ERROR") {
		for _, part := range expected {
			if strings.Contains(line, part) {
				continue next
			}
		}
		t.Errorf("logged: %s", line)
	}
}
