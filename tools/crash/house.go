package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"time"
)

// house is the binary under test and the world around it.
type house struct {
	binary   string
	dir      string
	database string
	keys     string // file with keys for visits; empty for none
	addr     string
	origin   string
	urls     map[string]string
	world    *exec.Cmd
	proc     *exec.Cmd
	up       atomic.Bool
	starts   int
}

func (h *house) outside() string { return filepath.Join(h.dir, "outside.json") }
func (h *house) data() string    { return filepath.Join(h.dir, "data") }

// startWorld starts the imitation outside world and notes where it is.
func (h *house) startWorld(ctx context.Context, seed int64) error {
	if err := h.pickAddress(ctx); err != nil {
		return err
	}
	h.world = exec.CommandContext(ctx, h.binary, "sandbox", "--seed", strconv.FormatInt(seed, 10), "--people", strconv.Itoa(population), "--retry-scale", "0.01")
	h.world.Stderr = os.Stderr
	line, err := firstLine(h.world)
	if err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	var ready struct {
		URLs map[string]string `json:"urls"`
	}
	if err := decode(line, &ready); err != nil {
		return err
	}
	h.urls = ready.URLs
	return os.WriteFile(h.outside(), line, 0o600)
}

// pickAddress chooses where the house listens in all its lives.
func (h *house) pickAddress(ctx context.Context) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	h.addr = "127.0.0.1:" + strconv.Itoa(port)
	h.origin = "http://" + h.addr
	return nil
}

func (h *house) stopWorld() {
	_ = h.world.Process.Signal(syscall.SIGTERM)
	_ = h.world.Wait()
}

// start starts the house and waits until it says that it is ready.
func (h *house) start(ctx context.Context) error {
	args := []string{
		"serve", "--data", h.data(), "--addr", h.addr, "--json", "--admin", "", "--load-limits",
	}
	if h.world != nil {
		args = append(args, "--outside", h.outside())
	}
	if h.keys != "" {
		args = append(args, "--visit-keys", h.keys)
	}
	if h.database != "" {
		args = append(args, "--database", h.database)
	}
	h.proc = exec.CommandContext(ctx, h.binary, args...)
	log, err := os.OpenFile(filepath.Join(h.dir, "house.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	h.proc.Stderr = log
	if _, err := firstLine(h.proc); err != nil {
		return fmt.Errorf("%w (see %s)", err, log.Name())
	}
	h.starts++
	h.up.Store(true)
	return nil
}

// kill ends the house with SIGKILL and reaps it.
func (h *house) kill() error {
	h.up.Store(false)
	if err := h.proc.Process.Kill(); err != nil {
		return err
	}
	_ = h.proc.Wait() // "signal: killed" is what we asked for
	return nil
}

// stop ends the house as an operator does.
func (h *house) stop() error {
	h.up.Store(false)
	if err := h.proc.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	return h.proc.Wait()
}

// firstLine starts cmd and returns the first line it prints, or why there is none.
func firstLine(cmd *exec.Cmd) ([]byte, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	type answer struct {
		line []byte
		err  error
	}
	got := make(chan answer, 1)
	go func() {
		line, err := bufio.NewReaderSize(out, 1<<20).ReadBytes('\n')
		got <- answer{line, err}
	}()
	select {
	case a := <-got:
		if a.err != nil {
			_ = cmd.Wait()
			return nil, fmt.Errorf("it ended before it was ready: %w", a.err)
		}
		return a.line, nil
	case <-time.After(60 * time.Second):
		_ = cmd.Process.Kill()
		return nil, fmt.Errorf("it was not ready after a minute")
	}
}

func freePort(ctx context.Context) (int, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// transport gives each worker connections of its own that do not outlive the house.
func transport() *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Second, ResponseHeaderTimeout: 10 * time.Second}
}
