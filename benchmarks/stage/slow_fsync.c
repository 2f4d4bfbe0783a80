/* A disk whose every fsync takes 2 ms longer, by LD_PRELOAD: an ordinary cloud disk instead of a fast one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <unistd.h>

static int (*real_fsync)(int), (*real_fdatasync)(int);

int fsync(int fd) {
    if (!real_fsync) real_fsync = dlsym(RTLD_NEXT, "fsync");
    usleep(2000);
    return real_fsync(fd);
}

int fdatasync(int fd) {
    if (!real_fdatasync) real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    usleep(2000);
    return real_fdatasync(fd);
}
