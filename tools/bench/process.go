package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// process is a server we started. It dies with us.
type process struct {
	cmd  *exec.Cmd
	line []byte // the first it said
	took time.Duration
}

// launch starts a program and waits for the first line it prints.
func launch(ctx context.Context, stdin io.Reader, name string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, name, args...)}
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	p.cmd.Stdin = stdin
	var said tail
	p.cmd.Stderr = &said
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	took := stopwatch()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	in := bufio.NewReaderSize(out, 1<<20)
	if p.line, err = in.ReadBytes('\n'); err != nil {
		_ = p.cmd.Wait()
		return nil, fmt.Errorf("%s ended before it was ready: %w\n%s", name, err, said.String())
	}
	p.took = took()
	go func() { _, _ = io.Copy(io.Discard, in) }()
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// stop ends the program as an operator does.
func (p *process) stop() error {
	if p == nil {
		return nil
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Sys().(syscall.WaitStatus).Signaled() {
		return nil // it has no handler of its own
	}
	return err
}

// tail keeps the end of what is written to it.
type tail struct{ b []byte }

func (t *tail) Write(b []byte) (int, error) {
	t.b = append(t.b, b...)
	if len(t.b) > 64<<10 {
		t.b = append([]byte(nil), t.b[len(t.b)-8<<10:]...)
	}
	return len(b), nil
}

func (t *tail) String() string { return string(t.b[max(0, len(t.b)-4<<10):]) }

// processorTime is what a process has used of the processors so far; 0 when it cannot be known.
func processorTime(pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, after, ok := strings.Cut(string(b), ") ") // the name before may hold blanks
	fields := strings.Fields(after)
	if !ok || len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond // USER_HZ is 100 on Linux
}

// residentMemory is VmRSS in bytes.
func residentMemory(pid int) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(b), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb * 1024
		}
	}
	return 0
}
