//go:build unix

package bot

import (
	"net"
	"syscall"
)

// isOpen tells whether nothing has come over a connection on which nothing is to
// come: neither its end nor words about that. What cannot be asked is open.
func isOpen(c net.Conn) bool {
	if over, ok := c.(interface{ NetConn() net.Conn }); ok { // TLS
		c = over.NetConn()
	}
	asked, ok := c.(syscall.Conn)
	if !ok {
		return true
	}
	raw, err := asked.SyscallConn()
	if err != nil {
		return false
	}
	open := false
	err = raw.Read(func(fd uintptr) bool {
		_, err := syscall.Read(int(fd), make([]byte, 1))
		open = err == syscall.EAGAIN
		return true
	})
	return open && err == nil
}
