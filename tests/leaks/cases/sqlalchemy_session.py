"""A writer has one session for all commands: what it loaded and wrote stays with the parent it holds.

leaks: segments | identity_map
kept: Segment
issue: https://github.com/podly-pure-podcasts/podly_pure_podcasts/issues/199
needs: SQLAlchemy
"""

from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from steady import rounds


class Base(DeclarativeBase):
    pass


class Post(Base):
    __tablename__ = "post"
    id: Mapped[int] = mapped_column(primary_key=True)
    segments: Mapped[list["Segment"]] = relationship(back_populates="post")


class Segment(Base):
    __tablename__ = "segment"
    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    text: Mapped[str]
    post: Mapped[Post] = relationship(back_populates="segments")


class Writer:
    def __init__(self, engine):
        self.session = Session(engine, expire_on_commit=False)
        self.post = Post()
        self.session.add(self.post)
        self.session.commit()

    def execute(self, text):
        self.post.segments.append(Segment(text=text))
        self.session.commit()


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
writer = Writer(engine)
for number in rounds(50):
    writer.execute(f"words of segment {number}")
