package io.jvs.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.classfile.instruction.NewMultiArrayInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ThrowInstruction;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Walks the bytecode that {@code Worker.doWork} can reach and fails on anything that allocates,
 * locks, throws, boxes or formats. What may be reached and left is named below, with the reason.
 */
class HotPathTest {
    /** Methods at which the walk stops: rare, and allowed to allocate. */
    private static final Set<String> COLD_EXITS =
            Set.of(
                    // a control command, one a cycle
                    "io/jvs/worker/Worker.onCommand",
                    // a method handle that throws is a broken build
                    "io/jvs/dpdk/BurstCall.impossible",
                    // the pcap host writes files
                    "io/jvs/port/PcapWriter.write");

    /** Parts of the JDK and of JCTools that neither allocate nor lock. */
    private static final List<String> ALLOWED =
            List.of(
                    "java/lang/Math.",
                    "java/lang/StrictMath.",
                    "java/lang/Integer.reverse",
                    "java/lang/Integer.toUnsignedLong",
                    "java/lang/Integer.compareUnsigned",
                    "java/lang/Integer.numberOf",
                    "java/lang/Integer.bitCount",
                    "java/lang/Integer.rotate",
                    "java/lang/Integer.highestOneBit",
                    "java/lang/Integer.divideUnsigned",
                    "java/lang/Integer.remainderUnsigned",
                    "java/lang/Long.reverse",
                    "java/lang/Long.compareUnsigned",
                    "java/lang/Long.numberOf",
                    "java/lang/Long.bitCount",
                    "java/lang/Long.rotate",
                    "java/lang/Long.remainderUnsigned",
                    "java/lang/Long.divideUnsigned",
                    "java/lang/Short.reverse",
                    "java/lang/Short.toUnsigned",
                    "java/lang/Byte.toUnsigned",
                    "java/lang/System.arraycopy",
                    "java/util/Arrays.fill",
                    "java/lang/Thread.onSpinWait",
                    "java/lang/Object.<init>",
                    // a view of constant size never leaves its method: scalar-replaced
                    "java/lang/foreign/MemorySegment.",
                    "java/lang/invoke/VarHandle.",
                    "java/lang/invoke/MethodHandle.invokeExact",
                    "org/jctools/queues/varhandle/MpscVarHandleArrayQueue.relaxedPoll");

    private final Map<String, ClassModel> classes = new HashMap<>();
    private final Map<String, List<String>> subtypes = new HashMap<>();

    @Test
    void shouldNotAllocateLockOrThrowOnTheWayOfAPacket() {
        for (String root :
                List.of("packet", "connection", "forwarding", "link", "port", "worker")) {
            load(Worker.class, "io/jvs/" + root);
        }
        load(io.jvs.scheduler.Destination.class, "io/jvs/scheduler");
        load(io.jvs.service.AccessList.class, "io/jvs/service");
        load(io.jvs.memory.Memory.class, "io/jvs/memory");
        load(io.jvs.memory.Memory.class, "io/jvs/dpdk");
        Set<String> reached = new TreeSet<>();
        Set<String> offences = walk("io/jvs/worker/Worker.doWork", reached);
        assertThat(reached).as("methods that the walk reached").hasSizeGreaterThan(100);
        assertThat(offences).isEmpty();
    }

    @Test
    void shouldNoticeAnOffence() {
        load(Worker.class, "io/jvs/worker");
        Set<String> offences = walk("io/jvs/worker/HotPathTest$Offender.offend", new TreeSet<>());
        assertThat(offences).hasSize(5);
    }

    /** Something to be noticed. */
    static final class Offender {
        static Object offend(int number) {
            if (number < 0) {
                throw new IllegalArgumentException();
            }
            return List.of(number);
        }
    }

    private Set<String> walk(String start, Set<String> reached) {
        Set<String> offences = new TreeSet<>();
        Deque<String> open = new ArrayDeque<>(named(start));
        Set<String> seen = new HashSet<>(open);
        while (!open.isEmpty()) {
            String method = open.pop();
            reached.add(method);
            for (String next : inspect(method, offences)) {
                if (seen.add(next)) {
                    open.push(next);
                }
            }
        }
        return offences;
    }

    private List<String> named(String ownerAndName) {
        int dot = ownerAndName.indexOf('.');
        ClassModel model = Objects.requireNonNull(classes.get(ownerAndName.substring(0, dot)));
        List<String> found = new ArrayList<>();
        for (MethodModel method : model.methods()) {
            if (method.methodName().equalsString(ownerAndName.substring(dot + 1))) {
                found.add(ownerAndName + method.methodType().stringValue());
            }
        }
        return found;
    }

    private List<String> inspect(String method, Set<String> offences) {
        List<String> calls = new ArrayList<>();
        MethodModel model = find(method);
        if (model == null || model.code().isEmpty()) {
            return calls;
        }
        for (CodeElement element : model.code().get()) {
            String offence = offence(element);
            if (offence != null && !(offence.startsWith("throw") && isNativeCall(method))) {
                offences.add(method + ": " + offence);
            }
            if (element instanceof InvokeInstruction call) {
                follow(method, call, calls, offences);
            }
        }
        return calls;
    }

    /** Callers of method handles pass on what javac says those may throw. */
    private static boolean isNativeCall(String method) {
        return method.startsWith("io/jvs/dpdk/BurstCall.");
    }

    private static @org.jspecify.annotations.Nullable String offence(CodeElement element) {
        return switch (element) {
            case NewObjectInstruction made -> "new " + made.className().asInternalName();
            case NewPrimitiveArrayInstruction made -> "new array of " + made.typeKind();
            case NewReferenceArrayInstruction made ->
                    "new array of " + made.componentType().asInternalName();
            case NewMultiArrayInstruction made -> "new array " + made.arrayType().asInternalName();
            case MonitorInstruction lock -> "monitor " + lock.opcode();
            case ThrowInstruction thrown -> "throw " + thrown.opcode();
            case InvokeDynamicInstruction dynamic -> "invokedynamic " + dynamic.name();
            default -> null;
        };
    }

    private void follow(
            String from, InvokeInstruction call, List<String> calls, Set<String> offences) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        String target = owner + "." + name;
        if (COLD_EXITS.contains(target) || ALLOWED.stream().anyMatch(target::startsWith)) {
            return;
        }
        if (!owner.startsWith("io/jvs/")) {
            offences.add(from + ": calls " + target);
            return;
        }
        String signature = name + call.type().stringValue();
        boolean isVirtual =
                call.opcode() == Opcode.INVOKEVIRTUAL || call.opcode() == Opcode.INVOKEINTERFACE;
        addTargets(owner, signature, isVirtual, calls);
    }

    private void addTargets(String owner, String signature, boolean isVirtual, List<String> calls) {
        String declaring = owner;
        while (find(declaring + "." + signature) == null && classes.containsKey(declaring)) {
            ClassModel model = classes.get(declaring);
            declaring = model.superclass().map(c -> c.asInternalName()).orElse("");
        }
        calls.add(declaring + "." + signature);
        if (isVirtual) {
            for (String subtype : subtypes.getOrDefault(owner, List.of())) {
                addTargets(subtype, signature, true, calls);
            }
        }
    }

    private @org.jspecify.annotations.Nullable MethodModel find(String method) {
        int dot = method.indexOf('.');
        ClassModel model = classes.get(method.substring(0, dot));
        if (model == null) {
            return null;
        }
        for (MethodModel candidate : model.methods()) {
            String signature =
                    candidate.methodName().stringValue() + candidate.methodType().stringValue();
            if (signature.equals(method.substring(dot + 1))) {
                return candidate;
            }
        }
        return null;
    }

    private void load(Class<?> neighbor, String folder) {
        try {
            URI location = neighbor.getProtectionDomain().getCodeSource().getLocation().toURI();
            Path path = Path.of(location);
            if (Files.isDirectory(path)) {
                loadFolder(path.resolve(folder));
                loadFolder(path.resolveSibling("test-classes").resolve(folder));
            } else {
                try (var jar = FileSystems.newFileSystem(path)) {
                    loadFolder(jar.getPath("/" + folder));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private void loadFolder(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> file.toString().endsWith(".class")).forEach(this::loadClass);
        }
    }

    private void loadClass(Path file) {
        try {
            ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
            if (model.findAttribute(Attributes.module()).isPresent()) {
                return;
            }
            String name = model.thisClass().asInternalName();
            if (classes.put(name, model) != null) {
                return;
            }
            model.superclass().ifPresent(parent -> note(parent.asInternalName(), name));
            model.interfaces().forEach(parent -> note(parent.asInternalName(), name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void note(String parent, String child) {
        subtypes.computeIfAbsent(parent, key -> new ArrayList<>()).add(child);
    }
}
