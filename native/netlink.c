/*
 * A socket to the kernel's nftables, for src/collect/privileged/netlink.ts. Optional: without it `nft` is run.
 *
 * In:    a network namespace, requests. Out: a descriptor, whole messages as the kernel sends them.
 * Holds: nothing is understood here but where messages end. What is read was sent by the kernel, is whole, and is never written
 *        behind the end of the buffer that it is for. No call waits for longer than WAIT_SECONDS.
 * Fails: with the system's error number, negative, as the value; a TypeError for arguments of other types.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/netlink.h>
#include <node_api.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define WAIT_SECONDS 5
/* The kernel puts no more than this into one piece of a dump. */
#define PIECE_BYTES 32768

static napi_value number(napi_env env, int64_t value) {
  napi_value made;
  napi_create_int64(env, value, &made);
  return made;
}

static napi_value refuse(napi_env env, const char *words) {
  napi_throw_type_error(env, NULL, words);
  return NULL;
}

static int open_here(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return -errno;
  struct sockaddr_nl own = {.nl_family = AF_NETLINK};
  struct timeval wait = {.tv_sec = WAIT_SECONDS};
  if (bind(fd, (struct sockaddr *)&own, sizeof own) == 0 &&
      setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait) == 0)
    return fd;
  int error = -errno;
  close(fd);
  return error;
}

/* A socket belongs to the namespace in which it was made: this thread goes there and comes back. */
static int open_there(const char *path) {
  int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  if (home < 0) return -errno;
  int there = open(path, O_RDONLY | O_CLOEXEC);
  int result = there < 0 || setns(there, CLONE_NEWNET) != 0 ? -errno : 0;
  if (result == 0) {
    result = open_here();
    /* In another network than it believes to be in a process would do harm. */
    if (setns(home, CLONE_NEWNET) != 0) abort();
  }
  if (there >= 0) close(there);
  close(home);
  return result;
}

/* open(path: string | null): number */
static napi_value js_open(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value path;
  napi_valuetype type;
  char text[PATH_MAX];
  size_t length;
  if (napi_get_cb_info(env, info, &count, &path, NULL, NULL) != napi_ok || count != 1 ||
      napi_typeof(env, path, &type) != napi_ok)
    return refuse(env, "open takes a path or null");
  if (type == napi_null) return number(env, open_here());
  if (napi_get_value_string_utf8(env, path, text, sizeof text, &length) != napi_ok || length + 1 >= sizeof text)
    return refuse(env, "open takes a path or null");
  return number(env, open_there(text));
}

/* The descriptor and the bytes that a call was given. */
static int arguments(napi_env env, napi_callback_info info, int32_t *fd, void **bytes, size_t *length) {
  size_t count = 2;
  napi_value given[2];
  napi_typedarray_type type;
  return napi_get_cb_info(env, info, &count, given, NULL, NULL) == napi_ok && count == 2 &&
         napi_get_value_int32(env, given[0], fd) == napi_ok &&
         napi_get_typedarray_info(env, given[1], &type, length, bytes, NULL, NULL) == napi_ok && type == napi_uint8_array;
}

/* ask(fd: number, request: Uint8Array): number */
static napi_value js_ask(napi_env env, napi_callback_info info) {
  int32_t fd;
  void *request;
  size_t length;
  if (!arguments(env, info, &fd, &request, &length)) return refuse(env, "ask takes a descriptor and a Uint8Array");
  struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
  ssize_t sent;
  do sent = sendto(fd, request, length, 0, (struct sockaddr *)&kernel, sizeof kernel);
  while (sent < 0 && errno == EINTR);
  return number(env, sent < 0 ? -errno : 0);
}

/* Whether a piece ends what was asked for: -EBADMSG where it is not of whole messages. */
static int is_last(const char *piece, size_t length) {
  for (size_t at = 0; at < length;) {
    const struct nlmsghdr *head = (const struct nlmsghdr *)(piece + at);
    if (length - at < sizeof *head || head->nlmsg_len < sizeof *head || head->nlmsg_len > length - at) return -EBADMSG;
    if (head->nlmsg_type == NLMSG_DONE || head->nlmsg_type == NLMSG_ERROR) return 1;
    at += NLMSG_ALIGN(head->nlmsg_len);
  }
  return 0;
}

/*
 * read(fd: number, into: Uint8Array): number
 * Pieces of the answer, until it is over or another may have no room: bytes, a multiple of four.
 */
static napi_value js_read(napi_env env, napi_callback_info info) {
  int32_t fd;
  void *into;
  size_t room;
  if (!arguments(env, info, &fd, &into, &room) || room < PIECE_BYTES)
    return refuse(env, "read takes a descriptor and a Uint8Array of 32,768 bytes or more");
  size_t used = 0;
  for (int last = 0; !last && room - used >= PIECE_BYTES;) {
    struct sockaddr_nl from = {0};
    struct iovec part = {.iov_base = (char *)into + used, .iov_len = room - used};
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1};
    ssize_t got = recvmsg(fd, &message, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return number(env, -errno);
    if (message.msg_flags & MSG_TRUNC) return number(env, -EMSGSIZE);
    /* Other processes may write to this socket too. */
    if (message.msg_namelen != sizeof from || from.nl_pid != 0) continue;
    last = is_last((char *)into + used, got);
    if (last < 0) return number(env, last);
    used += NLMSG_ALIGN(got);
  }
  return number(env, used > room ? room : used);
}

NAPI_MODULE_INIT() {
  const struct {
    const char *name;
    napi_callback call;
  } calls[] = {{"open", js_open}, {"ask", js_ask}, {"read", js_read}};
  for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
    napi_value call;
    if (napi_create_function(env, calls[i].name, NAPI_AUTO_LENGTH, calls[i].call, NULL, &call) != napi_ok ||
        napi_set_named_property(env, exports, calls[i].name, call) != napi_ok)
      return NULL;
  }
  return exports;
}
