// The Go end of the yamux interop test: hashicorp's implementation, driven by the first line of each
// stream that it accepts.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/ioutil"
	"net"
	"os"
	"sync"
	"time"

	"github.com/hashicorp/yamux"
)

const patternSize = 1 << 20

// The bytes that bulk streams carry, twice in a row; the other end computes the same.
var pattern = func() []byte {
	all := make([]byte, 2*patternSize)
	x := uint32(1)
	for i := 0; i < patternSize; i++ {
		x = x*1664525 + 1013904223
		all[i] = byte(x >> 24)
	}
	copy(all[patternSize:], all[:patternSize])
	return all
}()

var session *yamux.Session

// How the last stream of a "wait" command ended.
var lastEnd = make(chan string, 1)

func die(format string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}

func send(to io.Writer, salt, size int) {
	for at := 0; at < size; {
		n := 48 * 1024
		if n > size-at {
			n = size - at
		}
		from := (salt*1009 + at) % patternSize
		if _, err := to.Write(pattern[from : from+n]); err != nil {
			die("bulk %d: write at %d: %v", salt, at, err)
		}
		at += n
	}
}

func receive(from io.Reader, salt, size int) {
	buffer := make([]byte, 64*1024)
	for at := 0; at < size; {
		n, err := from.Read(buffer)
		if err != nil {
			die("bulk %d: read at %d of %d: %v", salt, at, size, err)
		}
		start := (salt*1009 + at) % patternSize
		if !bytes.Equal(buffer[:n], pattern[start:start+n]) {
			die("bulk %d: wrong bytes near %d", salt, at)
		}
		at += n
	}
}

// Both directions at once. The end is read before the own half is closed: this implementation reads
// nothing more after Close().
func exchange(stream net.Conn, reader io.Reader, sendSalt, receiveSalt, size int) {
	var sending sync.WaitGroup
	sending.Add(1)
	go func() {
		send(stream, sendSalt, size)
		sending.Done()
	}()
	receive(reader, receiveSalt, size)
	if n, err := reader.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		die("bulk %d: %d bytes and %v instead of the end", receiveSalt, n, err)
	}
	sending.Wait()
	stream.Close()
}

func openBulk(count, size, salt int) {
	for i := 0; i < count; i++ {
		stream, err := session.Open()
		if err != nil {
			die("open: %v", err)
		}
		go func(salt int) {
			fmt.Fprintf(stream, "bulk %d %d\n", salt, size)
			exchange(stream, stream, salt, salt+1, size)
		}(salt + 2*i)
	}
}

// The streams besides the one that asks. Close() sends the end first and forgets the stream after, so
// what is over at the other end may be counted here for a moment more.
func streamsLeft() int {
	for i := 0; i < 1000 && session.NumStreams() > 1; i++ {
		time.Sleep(10 * time.Millisecond)
	}
	return session.NumStreams() - 1
}

func serve(stream net.Conn) {
	reader := bufio.NewReader(stream)
	line, err := reader.ReadString('\n')
	if err != nil {
		stream.Close()
		return
	}
	var command string
	var a, b, c int
	fmt.Sscan(line, &command, &a, &b, &c)
	switch command {
	case "echo":
		all, err := ioutil.ReadAll(reader)
		if err != nil {
			die("echo: %v", err)
		}
		fmt.Fprintf(stream, "echo:%s", all)
	case "bulk":
		exchange(stream, reader, a+1, a, b)
	case "open-bulk":
		openBulk(a, b, c)
		fmt.Fprint(stream, "opening")
	case "open-and-close":
		other, err := session.Open()
		if err != nil {
			die("open: %v", err)
		}
		fmt.Fprint(other, "bye")
		other.Close()
		fmt.Fprint(stream, "closed")
	case "open":
		if other, err := session.Open(); err != nil {
			fmt.Fprint(stream, err)
		} else {
			other.Close()
			fmt.Fprint(stream, "opened")
		}
	case "wait":
		fmt.Fprint(stream, "waiting")
		_, err := io.Copy(ioutil.Discard, reader)
		lastEnd <- fmt.Sprint(err)
		return
	case "last-end":
		fmt.Fprint(stream, <-lastEnd)
	case "ping":
		if _, err := session.Ping(); err != nil {
			fmt.Fprint(stream, err)
		} else {
			fmt.Fprint(stream, "pong")
		}
	case "go-away":
		if err := session.GoAway(); err != nil {
			die("go-away: %v", err)
		}
		fmt.Fprint(stream, "going")
	case "streams":
		fmt.Fprint(stream, streamsLeft())
	default:
		die("unknown command %q", line)
	}
	stream.Close()
}

func main() {
	address := flag.String("address", "", "where the test listens")
	client := flag.Bool("client", false, "be the yamux client, not the server")
	deaf := flag.Bool("deaf", false, "accept no stream")
	window := flag.Uint("window", 256*1024, "largest stream window")
	flag.Parse()

	conn, err := net.Dial("tcp", *address)
	if err != nil {
		die("dial: %v", err)
	}
	config := yamux.DefaultConfig()
	config.KeepAliveInterval = time.Second
	config.MaxStreamWindowSize = uint32(*window)
	config.LogOutput = ioutil.Discard
	if *client {
		session, err = yamux.Client(conn, config)
	} else {
		session, err = yamux.Server(conn, config)
	}
	if err != nil {
		die("session: %v", err)
	}
	for !*deaf {
		stream, err := session.Accept()
		if err != nil {
			break
		}
		go serve(stream)
	}
	<-session.CloseChan()
}
